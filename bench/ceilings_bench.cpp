// What this machine can do at most, measured in the same run as everything else: large matrix
// products for convolutions, copies for operators that only pass over memory.
#include <algorithm>
#include <cstring>
#include <vector>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/kernels/blas.h"
#include "core/runtime/parallel.h"

namespace weir::bench {
namespace {

using benchmark::State;

// A square product: three matrices of a megabyte, large enough that their packing costs little.
struct Product {
  static constexpr int kSize = 512;
  static constexpr double kFlop = 2.0 * kSize * kSize * kSize;

  void run() {
    kernels::gemm({.m = kSize,
                   .n = kSize,
                   .k = kSize,
                   .a = a.data(),
                   .lda = kSize,
                   .b = b.data(),
                   .ldb = kSize,
                   .beta = 0.f,
                   .c = c.data(),
                   .ldc = kSize});
  }

  Tensor a = random_plain({kSize, kSize}), b = random_plain({kSize, kSize});
  Tensor c = random_plain({kSize, kSize});
};

// One product for each item; every item has its own matrices.
void sgemm(State& state, int items) {
  std::vector<Product> products(static_cast<size_t>(items));
  for (auto _ : state) {
    parallel_for(items, [&](int64_t i) { products[static_cast<size_t>(i)].run(); });
  }
  count_flop(state, items * Product::kFlop);
}

constexpr int64_t kCopyBytes = int64_t{128} << 20;  // beyond every cache

// In `items` equal parts, a megabyte at a time: whole-array copies would use instructions that go
// around the caches, which kernels cannot use for what is read again soon.
void copy(State& state, int items) {
  constexpr int64_t kPiece = int64_t{1} << 20;
  const Tensor from = random_plain({kCopyBytes / 4});
  Tensor to = random_plain({kCopyBytes / 4});
  const auto* source = from.data<std::byte>();
  auto* target = to.data<std::byte>();
  for (auto _ : state) {
    parallel_for(items, [&](int64_t item) {
      const int64_t end = kCopyBytes * (item + 1) / items;
      for (int64_t at = kCopyBytes * item / items; at < end; at += kPiece) {
        std::memcpy(target + at, source + at, static_cast<size_t>(std::min(kPiece, end - at)));
      }
    });
  }
  count_bytes(state, from.bytes() + to.bytes());
}

}  // namespace

void add_ceilings_benchmarks() {
  add_row("ceilings/sgemm_512/one_thread", [](State& state) { sgemm(state, 1); });
  add_row("ceilings/sgemm_512/all_threads", [](State& state) { sgemm(state, threads()); });
  add_row("ceilings/copy_128MiB/one_thread", [](State& state) { copy(state, 1); });
  add_row("ceilings/copy_128MiB/all_threads", [](State& state) { copy(state, threads()); });
}

}  // namespace weir::bench
