// relu wherever the networks have it; the other activations on the first map of each network.
#include <array>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/activation.h"

namespace weir::bench {
namespace {

using benchmark::State;
using kernels::Activation;

constexpr float kSlope = 0.01f;
constexpr std::array kOthers{Activation::kLeakyRelu, Activation::kGelu, Activation::kSilu,
                             Activation::kTanh};

void forward(State& state, Activation kind, const FeatureShape& shape) {
  const Tensor x = random_images(shape);
  Tensor y = random_images(shape);
  for (auto _ : state) kernels::activation_forward(kind, kSlope, x, y);
  count_bytes(state, x.bytes() + y.bytes());
}

void backward(State& state, Activation kind, const FeatureShape& shape) {
  const Tensor kept = random_images(shape), dy = random_images(shape);
  Tensor dx = random_images(shape);
  for (auto _ : state) kernels::activation_backward(kind, kSlope, kept, dy, dx);
  count_bytes(state, kept.bytes() + dy.bytes() + dx.bytes());
}

void add_passes(const std::string& network, Activation kind, const FeatureShape& shape) {
  const std::string row =
      fmt::format("activation/{}/{}/{}", network, size_label(shape), kernels::name_of(kind));
  add_row(row + "/forward", [=](State& state) { forward(state, kind, shape); });
  add_row(row + "/backward", [=](State& state) { backward(state, kind, shape); });
}

}  // namespace

void add_activation_benchmarks() {
  for (const Network& network : networks()) {
    const std::vector<LayerShape> layers = distinct_layers(network.options, {"ReLU"});
    for (const LayerShape& layer : layers) add_passes(network.name, Activation::kRelu, layer.in);
    for (const Activation kind : kOthers) add_passes(network.name, kind, layers.front().in);
  }
}

}  // namespace weir::bench
