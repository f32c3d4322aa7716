#include "train/bench/ceilings.h"

#include <algorithm>
#include <cstring>

#include "core/kernels/peak.h"
#include "core/runtime/memory.h"
#include "core/runtime/parallel.h"
#include "train/bench/median.h"
#include "train/bench/stopwatch.h"

namespace weir {
namespace {

constexpr int kRuns = 9;

// Median of what one second of `work` does.
template <class Work>
double rate_of(Work& work) {
  work.run();  // touches the memory, and lets the processor find its frequency
  std::vector<double> rates;
  for (int i = 0; i < kRuns; ++i) {
    const Stopwatch watch;
    const double done = work.run();
    rates.push_back(done / watch.seconds());
  }
  return median_of(rates);
}

}  // namespace

double ArithmeticCeiling::run() {
  constexpr int64_t kRounds = 4 << 20;
  std::vector<double> done(static_cast<size_t>(threads_));
  parallel_for(threads_, [&](int64_t i) {
    done[static_cast<size_t>(i)] = kernels::fma_in_registers(kRounds);
  });
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
double CopyCeiling::run() {
  constexpr size_t kPiece = size_t{1} << 20;
  parallel_for(static_cast<int64_t>(from_.size()), [&](int64_t i) {
    const auto* source = from_[static_cast<size_t>(i)].data<std::byte>();
    auto* target = to_[static_cast<size_t>(i)].data<std::byte>();
    const size_t bytes = from_[static_cast<size_t>(i)].bytes();
    for (size_t at = 0; at < bytes; at += kPiece) {
      std::memcpy(target + at, source + at, std::min(kPiece, bytes - at));
    }
  });
  double moved = 0;
  for (const Tensor& array : from_) moved += 2.0 * static_cast<double>(array.bytes());
  return moved;
}

Ceilings measure_ceilings() {
  constexpr int64_t kBeyondCaches = int64_t{128} << 20;
  ArithmeticCeiling arithmetic(threads());
  Ceilings ceilings{.flop_per_s = rate_of(arithmetic)};
  {
    CopyCeiling copy(kBeyondCaches / threads(), threads());
    ceilings.copy_bytes_per_s = rate_of(copy);
  }
  release_waiting_memory();
  return ceilings;
}

}  // namespace weir
