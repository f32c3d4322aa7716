// Pooling: every operator on every window of the networks, in every kernel.
#include <array>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/pool.h"

namespace weir::bench {
namespace {

using benchmark::State;
using kernels::PoolGeometry;
using kernels::PoolKept;
using kernels::PoolKernel;
using kernels::PoolKind;
using kernels::PoolOp;

struct Reducer {
  const char* name;
  PoolKind kind;
};
constexpr std::array kReducers{Reducer{"max", PoolKind::kMax}, Reducer{"avg", PoolKind::kAvg}};

size_t bytes_of(const Tensor& tensor) { return tensor.defined() ? tensor.bytes() : 0; }

void forward(State& state, const PoolKernel& kernel, const PoolOp& op, const LayerShape& layer) {
  const PoolGeometry geometry(layer.window);
  const Tensor x = random_images(layer.in);
  Tensor y = random_images(layer.out);
  PoolKept kept = kernels::pool_keep(op, geometry, x, y);
  for (auto _ : state) kernel.forward(op, geometry, x, y, kept.notes);
  count_bytes(state, x.bytes() + y.bytes() + bytes_of(kept.notes));
}

void backward(State& state, const PoolKernel& kernel, const PoolOp& op, const LayerShape& layer) {
  const PoolGeometry geometry(layer.window);
  Tensor x = random_images(layer.in), y = random_images(layer.out);
  PoolKept kept = kernels::pool_keep(op, geometry, x, y);
  kernel.forward(op, geometry, x, y, kept.notes);
  const Tensor dy = random_images(layer.out);
  Tensor dx = random_images(layer.in);
  for (auto _ : state) kernel.backward(op, geometry, kept, dy, dx);
  count_bytes(state,
              dy.bytes() + dx.bytes() + bytes_of(kept.x) + bytes_of(kept.y) + bytes_of(kept.notes));
}

void add_kernels(const std::string& window, const PoolOp& op, const LayerShape& layer) {
  const double taps = double{kBatch} * static_cast<double>(layer.out.numel()) *
                      static_cast<double>(layer.window.taps());
  for (const PoolKernel& kernel : kernels::pool_kernels()) {
    if (kernel.name == "reference" && taps > kReferenceWork) continue;
    const std::string row = fmt::format("{}/{}", window, kernel.name);
    add_row(row + "/forward", [=](State& state) { forward(state, kernel, op, layer); });
    add_row(row + "/backward", [=](State& state) { backward(state, kernel, op, layer); });
  }
}

// All-CNN-C pools nothing but its last map; the net that it was made from has overlapping windows.
std::vector<Network> pooling_networks() {
  std::vector<Network> all = networks();
  all.push_back({"model_c", {.name = "springenberg", .base = "C", .downsample = "max_pool"}});
  return all;
}

}  // namespace

void add_pool2d_benchmarks() {
  for (const Network& network : pooling_networks()) {
    for (const LayerShape& layer :
         distinct_layers(network.options, {"MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"})) {
      for (const Reducer& reducer : kReducers) {
        add_kernels(fmt::format("pool2d/{}/{}/{}", network.name, window_label(layer), reducer.name),
                    {.kind = reducer.kind}, layer);
      }
    }
  }
}

}  // namespace weir::bench
