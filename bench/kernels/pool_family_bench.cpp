// Every pooling word on two large maps, through its layer: forward and backward in turn, as
// training runs them. The copies of the map beside them are what memory allows.
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/functions/max_pool2d_indices.h"
#include "core/functions/max_unpool2d.h"
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

// Times one pass of function(x, step) on a tape, with dy as the gradient of its output.
template <class Function>
void train(State& state, const Tensor& images, const Tensor& dy, Pass pass, Function function) {
  uint32_t step = 0;
  for (auto _ : state) {
    const Variable x(images, true);
    Tape tape;
    Variable y;
    const double forward = seconds_of([&] { y = function(x, step++); });
    const Variable root(Tensor::full({1}, 0.f), true);
    tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(dy); });
    const double backward = seconds_of([&] { tape.backward(root); });
    state.SetIterationTime(pass == Pass::kForward ? forward : backward);
  }
  count_bytes(state, images.bytes() + dy.bytes());
}

void train_layer(State& state, const Pooling& pooling, const FeatureShape& shape, Pass pass) {
  const LayerPtr layer = make_layer({.kind = pooling.word, .args = pooling.args}, shape);
  train(state, random_images(shape), random_images(layer->output_shape(shape)), pass,
        [&](const Variable& x, uint32_t step) {
          return layer->forward(x, {.training = true, .step = step});
        });
}

// Of the maxima of 2x2 windows, back to the map.
void train_unpooling(State& state, const FeatureShape& shape, Pass pass) {
  const MaxPooled pooled = max_pool2d_with_indices(Variable(random_images(shape)), {});
  train(state, pooled.y.value(), random_images(shape), pass,
        [&](const Variable& x, uint32_t) { return max_unpool2d(x, pooled.indices, {}); });
}

// Writes past the caches, which spares reading what is overwritten.
void streamed_copy(std::byte* to, const std::byte* from, int64_t bytes) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<uint8_t> d;
  const auto step = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t at = 0; at < bytes; at += step) {
    hn::Stream(hn::LoadU(d, reinterpret_cast<const uint8_t*>(from + at)), d,
               reinterpret_cast<uint8_t*>(to + at));
  }
  hwy::FlushStream();
}

void plain_copy(std::byte* to, const std::byte* from, int64_t bytes) {
  std::memcpy(to, from, static_cast<size_t>(bytes));
}

// Reads and writes as many bytes as a pass of 2x2 pooling. Two pairs of arrays in turn, as forward
// and backward have theirs: what is in the caches when a pass begins is the same.
template <class Copy>
void copy(State& state, const FeatureShape& shape, Copy copy_range) {
  const std::array<Tensor, 2> from{random_images(shape), random_images(shape)};
  std::array<Tensor, 2> to{Tensor::like(from[0]), Tensor::like(from[1])};
  const int64_t grain = 1 << 16, bytes = static_cast<int64_t>(from[0].bytes()) * 5 / 8;
  size_t pair = 0;
  for (auto _ : state) {
    state.SetIterationTime(seconds_of([&] {
      parallel_ranges(bytes, grain, [&](int64_t begin, int64_t end) {
        copy_range(to[pair].data<std::byte>() + begin, from[pair].data<std::byte>() + begin,
                   end - begin);
      });
    }));
    pair = 1 - pair;
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
    add(fmt::format("pooling/copy/{}", size),
        [=](State& state) { copy(state, shape, plain_copy); });
    add(fmt::format("pooling/streamed_copy/{}", size),
        [=](State& state) { copy(state, shape, streamed_copy); });
    const std::string unpooling = fmt::format("pooling/max_unpool2d/{}", size);
    add(unpooling + "/forward",
        [=](State& state) { train_unpooling(state, shape, Pass::kForward); });
    add(unpooling + "/backward",
        [=](State& state) { train_unpooling(state, shape, Pass::kBackward); });
    for (const Pooling& pooling : poolings()) {
      const std::string row = fmt::format("pooling/{}/{}", pooling.word, size);
      add(row + "/forward",
          [=](State& state) { train_layer(state, pooling, shape, Pass::kForward); });
      add(row + "/backward",
          [=](State& state) { train_layer(state, pooling, shape, Pass::kBackward); });
    }
  }
}

}  // namespace weir::bench
