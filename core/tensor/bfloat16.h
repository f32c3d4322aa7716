// bfloat16: the upper half of a float, so its range and 8 bits of precision. A type to store in;
// arithmetic is done in float.
#pragma once

#include <bit>
#include <cstdint>

namespace weir {

struct bfloat16 {
  uint16_t bits;
};

constexpr float to_float(bfloat16 value) {
  return std::bit_cast<float>(uint32_t{value.bits} << 16);
}

// To the nearest, ties to the even one; beyond the largest number to infinity. NaN stays NaN, quiet
// and with its sign; denormals are rounded like any other number.
constexpr bfloat16 to_bfloat16(float value) {
  constexpr uint32_t kHalf = 0x7FFF, kQuiet = 0x40;  // kHalf: just below half of the last bit
  const auto bits = std::bit_cast<uint32_t>(value);
  if (value != value) return {static_cast<uint16_t>(bits >> 16 | kQuiet)};
  return {static_cast<uint16_t>((bits + kHalf + (bits >> 16 & 1)) >> 16)};
}

// For text that is written once for both types of storage.
constexpr float to_float(float value) { return value; }
template <class T>
constexpr T to_storage(float value) {
  if constexpr (sizeof(T) == sizeof(bfloat16)) {
    return to_bfloat16(value);
  } else {
    return value;
  }
}

}  // namespace weir
