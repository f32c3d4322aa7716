#include "train/bench/ceilings.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/stopwatch.h"
#include "core/kernels/gemm/bf16_gemm.h"
#include "core/kernels/peak.h"
#include "core/runtime/memory.h"
#include "core/runtime/parallel.h"
#include "train/bench/median.h"

namespace weir {
namespace {

constexpr int kRuns = 9;

// A product of operands that fill two thirds of a first-level cache of 48 KB: 8 KB and 24 KB.
double bf16_products(const kernels::Bf16GemmKernel& kernel, int64_t rounds) {
  constexpr int kRows = 32, kColumns = 96, kDepth = 128;
  const Tensor a = Tensor::zeros({kRows, kDepth}, DType::kBF16);
  const Tensor b = Tensor::zeros({kColumns, kDepth}, DType::kBF16);
  Tensor c = Tensor::zeros({kRows, kColumns});
  const kernels::Bf16Term term{a.data<bfloat16>(), b.data<bfloat16>()};
  const std::vector<kernels::Bf16Term> terms(static_cast<size_t>(rounds), term);
  const kernels::Bf16Product product{terms, c.data()};
  kernel.run({.m = kRows,
              .n = kColumns,
              .k = kDepth,
              .a_row = kDepth,
              .b_panel = int64_t{kernels::kPairColumns} * kDepth,
              .c_row = kColumns},
             {&product, 1});
  return 2.0 * kRows * kColumns * kDepth * static_cast<double>(rounds);
}

constexpr std::array kUnits{
    ArithmeticUnit{"amx_bf16", DType::kBF16, [] { return kernels::kBf16GemmAmx.available(); },
                   [](int64_t rounds) { return bf16_products(kernels::kBf16GemmAmx, rounds); }},
    ArithmeticUnit{"avx512_bf16", DType::kBF16, [] { return kernels::kBf16GemmAvx512.available(); },
                   [](int64_t rounds) { return bf16_products(kernels::kBf16GemmAvx512, rounds); }},
    ArithmeticUnit{"fma_fp32", DType::kF32, [] { return true; }, kernels::fma_in_registers}};

// Median of what one second of `work` does.
template <class Work>
double rate_of(const Work& work) {
  work();  // touches the memory, and lets the processor find its frequency
  std::vector<double> rates;
  for (int i = 0; i < kRuns; ++i) {
    const Stopwatch watch;
    const double done = work();
    rates.push_back(done / watch.seconds());
  }
  return median_of(rates);
}

}  // namespace

std::span<const ArithmeticUnit> arithmetic_units() { return kUnits; }

const ArithmeticUnit& best_unit(DType type) {
  for (const ArithmeticUnit& unit : kUnits) {
    if (unit.type == type && unit.available()) return unit;
  }
  return kUnits.back();
}

int64_t calibrated_rounds(const ArithmeticUnit& unit) {
  constexpr double kSeconds = 5e-3;
  for (int64_t rounds = 256;; rounds *= 2) {
    const Stopwatch watch;
    unit.work(rounds);
    if (watch.seconds() > kSeconds) return rounds;
  }
}

double run_on_threads(const ArithmeticUnit& unit, int64_t rounds, int threads) {
  std::vector<double> done(static_cast<size_t>(threads));
  parallel_for(threads, [&](int64_t i) { done[static_cast<size_t>(i)] = unit.work(rounds); });
  double sum = 0;
  for (const double part : done) sum += part;
  return sum;
}

CopyCeiling::CopyCeiling(int64_t bytes, int threads) {
  const int64_t floats = bytes / static_cast<int64_t>(sizeof(float));
  for (int i = 0; i < threads; ++i) {
    from_.push_back(Tensor::zeros({floats}));
    to_.push_back(Tensor::zeros({floats}));
  }
}

// A megabyte at a time: whole-array copies would use instructions that go around the caches, which
// kernels cannot use for what is read again soon.
double CopyCeiling::run(int times) {
  constexpr size_t kPiece = size_t{1} << 20;
  parallel_for(static_cast<int64_t>(from_.size()), [&](int64_t i) {
    const auto* source = from_[static_cast<size_t>(i)].data<std::byte>();
    auto* target = to_[static_cast<size_t>(i)].data<std::byte>();
    const size_t bytes = from_[static_cast<size_t>(i)].bytes();
    for (int time = 0; time < times; ++time) {
      for (size_t at = 0; at < bytes; at += kPiece) {
        std::memcpy(target + at, source + at, std::min(kPiece, bytes - at));
      }
    }
  });
  double moved = 0;
  for (const Tensor& array : from_) moved += 2.0 * static_cast<double>(array.bytes()) * times;
  return moved;
}

Ceilings measure_ceilings(DType type) {
  constexpr int64_t kBeyondCaches = int64_t{128} << 20;
  const ArithmeticUnit& unit = best_unit(type);
  const int64_t rounds = calibrated_rounds(unit);
  Ceilings ceilings{.unit = std::string(unit.name)};
  ceilings.flop_per_s = rate_of([&] { return run_on_threads(unit, rounds, threads()); });
  {
    CopyCeiling copy(kBeyondCaches / threads(), threads());
    ceilings.copy_bytes_per_s = rate_of([&] { return copy.run(); });
  }
  release_waiting_memory();
  return ceilings;
}

}  // namespace weir
