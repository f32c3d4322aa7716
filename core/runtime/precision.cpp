#include "core/runtime/precision.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/runtime/cpu.h"

namespace weir {

std::string_view name_of(Precision precision) {
  return precision == Precision::kBf16 ? "bf16" : "fp32";
}

std::vector<std::string> precision_words() { return {"fp32", "bf16", "auto"}; }

Precision parse_precision(std::string_view word) {
  std::vector<std::string> known;
  for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
    if (word == name_of(precision)) return precision;
    known.emplace_back(name_of(precision));
  }
  fail(ErrorKind::kUsage, "unknown precision '{}'{}; known: {}", word, did_you_mean(word, known),
       join(known));
}

PrecisionChoice best_precision() {
  if (isa_includes("amx")) return {Precision::kBf16, "AMX multiplies bf16 matrices"};
  if (isa_includes("avx512_bf16")) return {Precision::kBf16, "AVX-512 multiplies bf16 here"};
  return {Precision::kFp32, "no bf16 instructions, so fp32 is as fast or faster"};
}

}  // namespace weir
