// Every pooling word on two large maps, through its layer: forward and backward in turn, as
// training runs them. The copy of the map beside them is what memory allows.
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/runtime/parallel.h"
#include "layers/layer.h"
#include "models/layer_kinds.h"

namespace weir::bench {
namespace {

using benchmark::State;

using Arguments = std::map<std::string, SpecValue>;

struct Pooling {
  std::string word;
  Arguments args;
};

// The words that bench/peers/pooling.py knows in PyTorch have the arguments of there.
std::vector<Pooling> poolings() {
  const SpecValue two{.text = "2"}, half{.text = "0.5"};
  std::vector<Pooling> all;
  for (const char* word :
       {"max_pool2d", "avg_pool2d", "lp_pool2d", "lp_mean_pool2d", "lp_gaussian_pool2d",
        "log_sum_exp_pool2d", "soft_pool2d", "stochastic_pool2d", "mixed_pool2d",
        "random_mixed_pool2d", "gated_pool2d", "scaled_avg_pool2d"}) {
    all.push_back({word, {{"kernel_size", two}}});
  }
  all.push_back({"gem_pool2d", {}});
  all.push_back({"global_avg_pool2d", {}});
  all.push_back({"global_max_pool2d", {}});
  all.push_back({"adaptive_avg_pool2d", {{"output_size", {.text = "5"}}}});
  all.push_back({"adaptive_max_pool2d", {{"output_size", {.text = "5"}}}});
  all.push_back({"fractional_max_pool2d", {{"kernel_size", two}, {"output_ratio", half}}});
  all.push_back({"blur_pool2d", {}});
  all.push_back({"max_blur_pool2d", {}});
  all.push_back({"pixel_unshuffle", {{"downscale_factor", two}}});
  return all;
}

// How long body() takes.
template <class Body>
double seconds_of(Body body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

enum class Pass { kForward, kBackward };

void train(State& state, const Pooling& pooling, const FeatureShape& shape, Pass pass) {
  const LayerPtr layer = make_layer({.kind = pooling.word, .args = pooling.args}, shape);
  const Tensor images = random_images(shape), dy = random_images(layer->output_shape(shape));
  uint32_t step = 0;
  for (auto _ : state) {
    const Variable x(images, true);
    Tape tape;
    Variable y;
    const StepContext context{.training = true, .step = step++};
    const double forward = seconds_of([&] { y = layer->forward(x, context); });
    const Variable root(Tensor::full({1}, 0.f), true);
    tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(dy); });
    const double backward = seconds_of([&] { tape.backward(root); });
    state.SetIterationTime(pass == Pass::kForward ? forward : backward);
  }
  count_bytes(state, images.bytes() + dy.bytes());
}

// Reads and writes as many bytes as a forward pass of 2x2 pooling.
void copy(State& state, const FeatureShape& shape) {
  const Tensor from = random_images(shape);
  Tensor to = Tensor::like(from);
  const int64_t grain = 1 << 16, bytes = static_cast<int64_t>(from.bytes()) * 5 / 8;
  for (auto _ : state) {
    state.SetIterationTime(seconds_of([&] {
      parallel_ranges(bytes, grain, [&](int64_t begin, int64_t end) {
        std::memcpy(to.data<std::byte>() + begin, from.data<std::byte>() + begin,
                    static_cast<size_t>(end - begin));
      });
    }));
  }
  count_bytes(state, 2 * static_cast<size_t>(bytes));
}

template <class Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->Unit(benchmark::kMillisecond)->UseManualTime();
}

}  // namespace

void add_pool_family_benchmarks() {
  constexpr std::array kShapes{FeatureShape{.c = 96, .h = 32, .w = 32},
                               FeatureShape{.c = 192, .h = 16, .w = 16}};
  for (const FeatureShape& shape : kShapes) {
    const std::string size = fmt::format("{}x{}x{}", shape.c, shape.h, shape.w);
    add(fmt::format("pooling/copy/{}", size), [=](State& state) { copy(state, shape); });
    for (const Pooling& pooling : poolings()) {
      const std::string row = fmt::format("pooling/{}/{}", pooling.word, size);
      add(row + "/forward", [=](State& state) { train(state, pooling, shape, Pass::kForward); });
      add(row + "/backward", [=](State& state) { train(state, pooling, shape, Pass::kBackward); });
    }
  }
}

}  // namespace weir::bench
