// Element types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/tensor/bfloat16.h"

namespace weir {

enum class DType : uint8_t { kF32, kBF16, kU8, kI32, kI64 };

constexpr size_t size_of(DType type) {
  switch (type) {
    case DType::kU8:
      return 1;
    case DType::kBF16:
      return 2;
    case DType::kF32:
    case DType::kI32:
      return 4;
    case DType::kI64:
      return 8;
  }
  return 0;
}

// The names that safetensors uses.
constexpr std::string_view name_of(DType type) {
  switch (type) {
    case DType::kF32:
      return "F32";
    case DType::kBF16:
      return "BF16";
    case DType::kU8:
      return "U8";
    case DType::kI32:
      return "I32";
    case DType::kI64:
      return "I64";
  }
  return "?";
}

template <class T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::kF32;
};
template <>
struct DTypeOf<bfloat16> {
  static constexpr DType value = DType::kBF16;
};
template <>
struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::kU8;
};
template <>
struct DTypeOf<int32_t> {
  static constexpr DType value = DType::kI32;
};
template <>
struct DTypeOf<int64_t> {
  static constexpr DType value = DType::kI64;
};

// Real numbers, as the values and gradients of images are stored.
constexpr bool is_floating(DType type) { return type == DType::kF32 || type == DType::kBF16; }

// Calls body(T()), T being what numbers of a floating type are stored as: the one place where a
// kernel's text, written once for both, meets the type of its tensors.
template <class Body>
constexpr decltype(auto) with_storage(DType type, Body body) {
  if (type == DType::kBF16) return body(bfloat16());
  return body(float());
}

}  // namespace weir
