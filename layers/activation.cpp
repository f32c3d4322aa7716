#include "layers/activation.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

template <class T>
LayerPtr make() {
  return std::make_unique<T>();
}

struct Row {
  std::string_view name;
  LayerPtr (*make)();
};
constexpr Row kActivations[] = {
    {"relu", make<ReLU>}, {"leaky_relu", make<LeakyReLU>},
    {"gelu", make<GELU>}, {"silu", make<SiLU>},
    {"tanh", make<Tanh>}, {"sigmoid", make<Sigmoid>},
};

}  // namespace

std::string LeakyReLU::options() const { return fmt::format("negative_slope={}", negative_slope_); }

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const Row& row : kActivations) names.emplace_back(row.name);
  return names;
}

LayerPtr make_activation(std::string_view name) {
  for (const Row& row : kActivations) {
    if (row.name == name) return row.make();
  }
  const std::vector<std::string> names = activation_names();
  fail(ErrorKind::kUsage, "unknown activation '{}'{}; known: {}", name, did_you_mean(name, names),
       join(names));
}

}  // namespace weir
