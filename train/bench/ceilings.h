// What the machine can do at most: `weir bench` and bench/ceilings compare everything with it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// Instructions that multiply and add numbers of one type.
struct ArithmeticUnit {
  std::string_view name;  // "amx_bf16"
  DType type;
  bool (*available)();
  // Products of operands that stay in registers or in the nearest cache, on this thread: more of
  // them with more rounds. Returns the operations, two for each multiply-add.
  double (*work)(int64_t rounds);
};
// Fastest first; the last one is fp32, and always available.
std::span<const ArithmeticUnit> arithmetic_units();
// The fastest one that is available for numbers stored as `type`: bf16 falls back to fp32.
const ArithmeticUnit& best_unit(DType type);

// Rounds that take a unit some milliseconds: long beside the start of a thread.
int64_t calibrated_rounds(const ArithmeticUnit& unit);
// Works on so many threads at once. Returns the operations of all.
double run_on_threads(const ArithmeticUnit& unit, int64_t rounds, int threads);

// Each thread copies arrays of its own.
class CopyCeiling {
 public:
  // Arrays of `bytes` for each thread, one to read and one to write.
  CopyCeiling(int64_t bytes, int threads);
  // Copies so many times. Returns the bytes read and written.
  double run(int times = 1);

 private:
  std::vector<Tensor> from_, to_;
};

struct Ceilings {
  std::string unit;  // ArithmeticUnit::name
  double flop_per_s = 0;
  double copy_bytes_per_s = 0;  // between arrays beyond every cache
};

// Medians of a few runs on all threads: about a third of a second, and 256 MB for its time.
Ceilings measure_ceilings(DType type);

}  // namespace weir
