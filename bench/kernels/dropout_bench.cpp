// Dropout, where the networks have it when it is asked for. Backward is the same pass on dy.
#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/dropout.h"

namespace weir::bench {
namespace {

using benchmark::State;

void apply(State& state, const FeatureShape& shape) {
  const Tensor in = random_images(shape);
  Tensor out = random_images(shape);
  kernels::DropoutStream stream{.p = 0.5f, .seed = 1};
  for (auto _ : state) {
    kernels::dropout_apply(stream, in, out);
    ++stream.step;
  }
  count_bytes(state, in.bytes() + out.bytes());
}

}  // namespace

void add_dropout_benchmarks() {
  for (Network network : networks()) {
    network.options.dropout = 0.5;
    network.options.input_dropout = 0.2;
    for (const LayerShape& layer : distinct_layers(network.options, {"Dropout"})) {
      add_row(fmt::format("dropout/{}/{}", network.name, size_label(layer.in)),
              [in = layer.in](State& state) { apply(state, in); });
    }
  }
}

}  // namespace weir::bench
