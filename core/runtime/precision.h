// What activations and their gradients are stored as. Weights, statistics, losses and optimizers
// are floats either way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/dtype.h"

namespace weir {

// kBf16: activations and their gradients, up to the last layer with a matrix of weights, are stored
// as bfloat16. Everything is computed in float.
enum class Precision { kFp32, kBf16 };

// "fp32", "bf16".
std::string_view name_of(Precision precision);
constexpr DType storage_of(Precision precision) {
  return precision == Precision::kBf16 ? DType::kBF16 : DType::kF32;
}

// The words of `train.precision`: those names, and "auto", which depends on the network too and so
// is settled with the configuration (train/config/settled.h).
std::vector<std::string> precision_words();
// From such a name. Throws kUsage with the nearest one.
Precision parse_precision(std::string_view word);

// The faster precision with the instruction set in use, for networks of many channels, and why, for
// `weir env`.
struct PrecisionChoice {
  Precision precision;
  std::string reason;
};
PrecisionChoice best_precision();

}  // namespace weir
