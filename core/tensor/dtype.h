// Element types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

enum class DType : uint8_t { kF32, kU8, kI32 };

constexpr size_t size_of(DType type) { return type == DType::kU8 ? 1 : 4; }

// The names that safetensors uses.
constexpr std::string_view name_of(DType type) {
  switch (type) {
    case DType::kF32: return "F32";
    case DType::kU8: return "U8";
    case DType::kI32: return "I32";
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
struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::kU8;
};
template <>
struct DTypeOf<int32_t> {
  static constexpr DType value = DType::kI32;
};

}  // namespace weir
