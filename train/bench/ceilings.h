// What the machine can do at most: `weir bench` and bench/ceilings compare everything with it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// Multiply-adds in registers, on so many threads at once.
class ArithmeticCeiling {
 public:
  explicit ArithmeticCeiling(int threads) : threads_(threads) {}
  // Takes about ten milliseconds. Returns the operations done.
  double run();

 private:
  int threads_;
};

// Each thread copies arrays of its own.
class CopyCeiling {
 public:
  // Arrays of `bytes` for each thread, one to read and one to write.
  CopyCeiling(int64_t bytes, int threads);
  // Copies once. Returns the bytes read and written.
  double run();

 private:
  std::vector<Tensor> from_, to_;
};

struct Ceilings {
  double flop_per_s = 0;
  double copy_bytes_per_s = 0;  // between arrays beyond every cache
};

// Medians of a few runs on all threads: about a third of a second, and 256 MB for its time.
Ceilings measure_ceilings();

}  // namespace weir
