// The four passes over memory that batch normalisation consists of in training.
#include <array>
#include <vector>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/batch_norm.h"

namespace weir::bench {
namespace {

using benchmark::State;

std::vector<float> channels_of(const FeatureShape& shape) {
  return std::vector<float>(static_cast<size_t>(shape.c), 0.5f);
}

void moments(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape);
  for (auto _ : state) benchmark::DoNotOptimize(kernels::channel_moments(x));
  count_bytes(state, x.bytes());
}

void affine(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape);
  const std::vector<float> v = channels_of(shape);
  Tensor y = random_images(shape);
  for (auto _ : state) kernels::channel_affine(x, v, v, v, y);
  count_bytes(state, x.bytes() + y.bytes());
}

void gradient_sums(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape), dy = random_images(shape);
  const std::vector<float> mean = channels_of(shape);
  for (auto _ : state) benchmark::DoNotOptimize(kernels::channel_gradient_sums(dy, x, mean));
  count_bytes(state, x.bytes() + dy.bytes());
}

void gradient(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape), dy = random_images(shape);
  const std::vector<float> v = channels_of(shape);
  Tensor dx = random_images(shape);
  for (auto _ : state) kernels::channel_gradient(dy, x, v, v, v, v, dx);
  count_bytes(state, x.bytes() + dy.bytes() + dx.bytes());
}

struct Pass {
  const char* name;
  void (*run)(State& state, const FeatureShape& shape);
};
constexpr std::array kPasses{Pass{"forward/moments", moments}, Pass{"forward/affine", affine},
                             Pass{"backward/gradient_sums", gradient_sums},
                             Pass{"backward/gradient", gradient}};

}  // namespace

void add_batch_norm_benchmarks() {
  for (const Network& network : networks()) {
    for (const LayerShape& layer : distinct_layers(network.options, {"BatchNorm2d"})) {
      for (const Pass& pass : kPasses) {
        add_row(fmt::format("batch_norm/{}/{}/{}", network.name, size_label(layer.in), pass.name),
                [pass, in = layer.in](State& state) { pass.run(state, in); });
      }
    }
  }
}

}  // namespace weir::bench
