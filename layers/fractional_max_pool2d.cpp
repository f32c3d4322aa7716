#include "layers/fractional_max_pool2d.h"

#include <algorithm>

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {
namespace {

constexpr std::string_view kRegions[] = {"fixed", "disjoint", "overlapping"};
constexpr std::string_view kSequences[] = {"pseudorandom", "random"};

void check(const FractionalMaxPool2d::Options& o) {
  const bool fixed = o.regions == FractionalRegions::kFixed;
  const Pair kernel = o.kernel_size.value_or(Pair(2));
  require(kernel.h >= 1 && kernel.w >= 1, "kernel_size must be at least 1, got {}", kernel.str());
  require(fixed || !o.kernel_size,
          "kernel_size {} goes with regions: fixed alone; {} ones are as large as their distance",
          kernel.str(), name_of(o.regions));
  require(!fixed || o.sequence == FractionalSequence::kPseudorandom,
          "sequence: random goes with regions: disjoint or overlapping; fixed ones (PyTorch's) are "
          "pseudorandom");
  require(o.output_size.has_value() != o.output_ratio.has_value(),
          "expected either output_size or output_ratio, got {}",
          o.output_size ? "both" : "neither");
}

}  // namespace

std::string_view name_of(FractionalRegions regions) {
  return kRegions[static_cast<size_t>(regions)];
}

std::string_view name_of(FractionalSequence sequence) {
  return kSequences[static_cast<size_t>(sequence)];
}

FractionalMaxPool2d::FractionalMaxPool2d(const Options& options)
    : pool_{.kernel_size = options.kernel_size.value_or(Pair(2)),
            .output_size = options.output_size,
            .output_ratio = options.output_ratio,
            .regions = options.regions,
            .sequence = options.sequence,
            .shared = options.shared} {
  check(options);
}

std::string FractionalMaxPool2d::options() const {
  const auto& o = pool_;
  std::string text = fmt::format("regions={}", name_of(o.regions));
  if (o.regions == FractionalRegions::kFixed) {
    text += fmt::format(", kernel_size=({}, {})", o.kernel_size[0], o.kernel_size[1]);
  } else {
    text += fmt::format(", sequence={}", name_of(o.sequence));
  }
  text += o.output_size
              ? fmt::format(", output_size=({}, {})", (*o.output_size)[0], (*o.output_size)[1])
              : fmt::format(", output_ratio=({}, {})", (*o.output_ratio)[0], (*o.output_ratio)[1]);
  return o.shared ? text + ", shared=True" : text;
}

Variable FractionalMaxPool2d::forward(const Variable& x, const StepContext& context) {
  FractionalMaxPool2dOptions now = pool_;
  now.seed = context.seed;
  now.step = context.step;
  return fractional_max_pool2d(x, now);
}

FeatureShape FractionalMaxPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  const auto [h, w] = output_size_of(pool_, in.h, in.w);
  return {.c = in.c, .h = h, .w = w};
}

Window2d FractionalMaxPool2d::window(const FeatureShape& in) const {
  const FeatureShape out = output_shape(in);
  const auto axis = [&](size_t i, int size, int outputs) {
    const int most = pool_.regions == FractionalRegions::kFixed      ? pool_.kernel_size[i]
                     : pool_.regions == FractionalRegions::kDisjoint ? 2
                                                                     : 3;
    return Axis{.in = size, .kernel = most, .stride = std::max(1, size / outputs)};
  };
  return {axis(0, in.h, out.h), axis(1, in.w, out.w)};
}

uint32_t FractionalMaxPool2d::number_streams(uint32_t first) {
  pool_.layer = first;
  return first + 1;
}

}  // namespace weir
