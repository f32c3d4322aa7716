// What this machine can do at most, measured in the same run as everything else: arithmetic in
// registers and large matrix products for convolutions, copies for operators that only pass over
// memory.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/kernels/gemm/blas.h"
#include "core/runtime/parallel.h"
#include "train/bench/ceilings.h"

namespace weir::bench {
namespace {

using benchmark::State;

void arithmetic(State& state, const ArithmeticUnit& unit, int items) {
  const int64_t rounds = calibrated_rounds(unit);
  double flop = 0;
  for (auto _ : state) flop = run_on_threads(unit, rounds, items);
  count_flop(state, flop);
}

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

// Arrays of `kib` KiB for each thread; small ones again and again, so that starting the threads
// costs little beside.
void copy(State& state, int kib, int items) {
  constexpr int kLeastKib = 32 << 10;
  CopyCeiling ceiling(int64_t{kib} << 10, items);
  const int times = std::max(kLeastKib / kib, 1);
  double bytes = 0;
  for (auto _ : state) bytes = ceiling.run(times);
  count_bytes(state, static_cast<size_t>(bytes));
}

// The rows of one ceiling: measure(state, threads).
template <class Measure>
void add_rows(const std::string& name, Measure measure) {
  add_row("ceilings/" + name + "/one_thread", [=](State& state) { measure(state, 1); });
  add_row("ceilings/" + name + "/all_threads", [=](State& state) { measure(state, threads()); });
}

}  // namespace

void add_ceilings_benchmarks() {
  for (const ArithmeticUnit& unit : arithmetic_units()) {
    if (!unit.available()) continue;
    add_rows(std::string(unit.name),
             [&unit](State& state, int items) { arithmetic(state, unit, items); });
  }
  add_rows("sgemm_512", sgemm);
  // On today's processors: in the second-level cache, in the third, and beyond every cache.
  for (const int kib : {256, 4 << 10, 64 << 10}) {
    const std::string size =
        kib < 1024 ? fmt::format("{}KiB", kib) : fmt::format("{}MiB", kib >> 10);
    add_rows("copy_" + size, [kib](State& state, int items) { copy(state, kib, items); });
  }
}

}  // namespace weir::bench
