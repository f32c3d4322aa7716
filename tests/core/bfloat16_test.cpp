#include "core/tensor/bfloat16.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/runtime/philox.h"
#include "core/tensor/dtype.h"

namespace weir {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

float from_bits(uint32_t bits) { return std::bit_cast<float>(bits); }
uint16_t rounded_bits(uint32_t bits) { return to_bfloat16(from_bits(bits)).bits; }

static_assert(to_float(to_bfloat16(1.5f)) == 1.5f);
static_assert(DTypeOf<bfloat16>::value == DType::kBF16 && size_of(DType::kBF16) == 2);
static_assert(name_of(DType::kBF16) == "BF16");
static_assert(is_floating(DType::kBF16) && is_floating(DType::kF32) && !is_floating(DType::kI32));

TEST(Bfloat16, EveryNumberSurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const bfloat16 value{static_cast<uint16_t>(bits)};
    const bool signalling = std::isnan(to_float(value)) && (bits & 0x40) == 0;
    ASSERT_EQ(to_bfloat16(to_float(value)).bits, signalling ? bits | 0x40 : bits);
  }
}

TEST(Bfloat16, TiesGoToTheEvenNeighbour) {
  EXPECT_EQ(rounded_bits(0x3F808000), 0x3F80);  // 1 + 2^-8, between 1 and 1 + 2^-7
  EXPECT_EQ(rounded_bits(0x3F818000), 0x3F82);
  EXPECT_EQ(rounded_bits(0xBF818000), 0xBF82);
  EXPECT_EQ(rounded_bits(0x3F808001), 0x3F81);  // just above the tie
  EXPECT_EQ(rounded_bits(0x3F817FFF), 0x3F81);  // just below
  EXPECT_EQ(rounded_bits(0x3FFF8000), 0x4000);  // the carry reaches the exponent
}

TEST(Bfloat16, TheEndsOfTheRange) {
  EXPECT_EQ(to_float(to_bfloat16(kInf)), kInf);
  EXPECT_EQ(to_float(to_bfloat16(-kInf)), -kInf);
  EXPECT_EQ(to_float(to_bfloat16(std::numeric_limits<float>::max())), kInf);
  EXPECT_EQ(rounded_bits(0x7F7F7FFF), 0x7F7F);  // still nearer to the largest number
  EXPECT_EQ(rounded_bits(0x80000000), 0x8000);  // -0
  EXPECT_EQ(rounded_bits(0x00008000), 0x0000);  // denormals: a tie to zero,
  EXPECT_EQ(rounded_bits(0x00008001), 0x0001);  // the smallest number,
  EXPECT_EQ(rounded_bits(0x007FFFFF), 0x0080);  // and up to the smallest normal one
}

TEST(Bfloat16, NanStaysNan) {
  // The payload of the second lies in the lower half alone; adding would carry the third to zero.
  for (const uint32_t bits : {0x7FC00000u, 0x7F800001u, 0x7FFFFFFFu, 0xFFFFFFFFu, 0xFF80FFFFu}) {
    const float back = to_float(to_bfloat16(from_bits(bits)));
    EXPECT_TRUE(std::isnan(back)) << std::hex << bits;
    EXPECT_EQ(std::signbit(back), bits >> 31 == 1);
  }
}

// Against the definition: no other bfloat16 is nearer, and a tie has an even last bit.
TEST(Bfloat16, NoNeighbourIsNearer) {
  Philox random(3, Purpose::kTest);
  for (int i = 0; i < 20000; ++i) {
    const float value = from_bits(random.next());
    if (!std::isfinite(value) || std::abs(value) > 3e38f) continue;
    const bfloat16 found = to_bfloat16(value);
    const double error = std::abs(double{to_float(found)} - double{value});
    for (const int step : {-1, 1}) {
      const bfloat16 other{static_cast<uint16_t>(found.bits + step)};
      const double distance = std::abs(double{to_float(other)} - double{value});
      if (std::isnan(distance)) continue;
      ASSERT_TRUE(error < distance || (error == distance && found.bits % 2 == 0)) << value;
    }
  }
}

}  // namespace
}  // namespace weir
