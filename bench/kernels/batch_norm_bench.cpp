// The four passes over memory that batch normalisation consists of in training.
#include <array>
#include <vector>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/batch_norm.h"
#include "core/kernels/panel_moments.h"

namespace weir::bench {
namespace {

using benchmark::State;

kernels::ChannelAffine affine_of(const FeatureShape& shape) {
  const std::vector<float> v(static_cast<size_t>(shape.c), 0.5f);
  return {.mean = v, .scale = v, .shift = v};
}

void moments(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape);
  kernels::PanelMoments moments(std::vector<float>(static_cast<size_t>(shape.c)));
  for (auto _ : state) {
    moments.start(x);
    moments.add(x);
    benchmark::DoNotOptimize(moments.result(x, 1e-5));
  }
  count_bytes(state, x.bytes());
}

void affine(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape);
  const kernels::ChannelAffine affine = affine_of(shape);
  Tensor y = random_images(shape);
  for (auto _ : state) kernels::channel_affine(x, affine, y);
  count_bytes(state, x.bytes() + y.bytes());
}

void gradient_sums(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape), dy = random_images(shape);
  const kernels::ChannelAffine affine = affine_of(shape);
  for (auto _ : state) benchmark::DoNotOptimize(kernels::channel_gradient_sums(dy, x, affine));
  count_bytes(state, x.bytes() + dy.bytes());
}

void gradient(State& state, const FeatureShape& shape) {
  const Tensor x = random_images(shape), dy = random_images(shape);
  const kernels::ChannelAffine affine = affine_of(shape);
  const kernels::GradientFactors factors{.a = affine.mean, .b = affine.mean, .c = affine.mean};
  Tensor dx = random_images(shape);
  for (auto _ : state) kernels::channel_gradient(dy, x, affine, factors, dx);
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
