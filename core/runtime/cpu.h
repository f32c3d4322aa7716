// What this processor offers, and how floating point behaves on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Names of the instruction sets that this machine has kernels for, slowest first: "scalar", "avx2",
// "avx512", "avx512_bf16", "amx" (matrix tiles, where the kernel grants them).
std::vector<std::string> available_isas();
// The one in use: at first the one that WEIR_ISA names, or else the fastest. Throws kUsage when
// this machine lacks that.
std::string isa();
// The one in use is `name` or a faster one.
bool isa_includes(std::string_view name);
// Chooses by name; throws kUsage with the known names when this machine lacks it.
void set_isa(const std::string& name);

// Model name from the operating system, e.g. "AMD EPYC 9005".
std::string cpu_model();
// Number of cores that this process may use (its affinity mask).
int usable_cores();
// Peak resident memory of this process so far, in bytes.
long peak_resident_bytes();

// While alive, results too small for a normal float become zero on this thread (denormals cost
// 20-50x). Parallel work holds one.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned saved_;
};

}  // namespace weir
