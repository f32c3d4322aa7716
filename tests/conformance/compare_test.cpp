// What counts as near enough.
#include "conformance/compare.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
const float kNan = std::nanf("");

TEST(ConformanceCompare, ExactMeansBits) {
  EXPECT_EQ(error_of(1.5f, 1.5f, {}, DType::kF32), 0);
  EXPECT_EQ(error_of(std::nextafter(1.5f, 2.f), 1.5f, {}, DType::kF32), kInf);
  EXPECT_EQ(error_of(-0.f, 0.f, {}, DType::kF32), kInf);
  EXPECT_EQ(error_of(kInf, kInf, {}, DType::kF32), 0);
}

TEST(ConformanceCompare, ErrorsAreInUnitsOfTheTolerance) {
  const Tolerance tolerance{.roundings = 4, .scale = 8};  // 32 * 2^-24 = 2^-19
  EXPECT_EQ(tolerance.absolute(), 0x1p-19);
  EXPECT_EQ(error_of(1.f + 0x1p-20f, 1.f, tolerance, DType::kF32), 0.5);
  EXPECT_EQ(error_of(1.f - 0x1p-18f, 1.f, tolerance, DType::kF32), 2);
  // Nothing was added up: only the very number will do, of either sign when it is zero.
  EXPECT_EQ(error_of(-0.f, 0.f, {.roundings = 4, .scale = 0}, DType::kF32), 0);
  EXPECT_EQ(error_of(0x1p-149f, 0.f, {.roundings = 4, .scale = 0}, DType::kF32), kInf);
}

TEST(ConformanceCompare, NoToleranceCoversNanAndInfinity) {
  const Tolerance wide{.roundings = 1 << 24, .scale = 1e30};
  EXPECT_EQ(error_of(kNan, -kNan, wide, DType::kF32), 0);
  EXPECT_EQ(error_of(kNan, 0.f, wide, DType::kF32), kInf);
  EXPECT_EQ(error_of(0.f, kNan, wide, DType::kF32), kInf);
  EXPECT_EQ(error_of(-kInf, kInf, wide, DType::kF32), kInf);
  EXPECT_EQ(error_of(1e30f, kInf, wide, DType::kF32), kInf);
  EXPECT_EQ(error_of(kInf, 1.f, wide, DType::kF32), kInf);
}

TEST(ConformanceCompare, Bfloat16IsRoundedOnce) {
  // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7: to the even one, 1.
  EXPECT_EQ(error_of(1.f, 1.f + 0x1p-8f, {}, DType::kBF16), 0);
  EXPECT_EQ(error_of(1.f + 0x1p-7f, 1.f + 0x1p-8f, {}, DType::kBF16), kInf);
  // A result a little above the half may be meant: then either neighbour is right, no other.
  const Tolerance tolerance{.roundings = 2, .scale = 1};
  EXPECT_EQ(error_of(1.f, 1.f + 0x1p-8f, tolerance, DType::kBF16), 0);
  EXPECT_EQ(error_of(1.f + 0x1p-7f, 1.f + 0x1p-8f, tolerance, DType::kBF16), 0);
  EXPECT_GT(error_of(1.f + 0x1p-6f, 1.f + 0x1p-8f, tolerance, DType::kBF16), 1);
  EXPECT_GT(error_of(1.f - 0x1p-8f, 1.f + 0x1p-8f, tolerance, DType::kBF16), 1);
}

TEST(ConformanceCompare, TheWorstElementIsFound) {
  const Expectation expected{{.shape = {4}, .values = {1, 2, 3, 4}}, {.roundings = 1, .scale = 1}};
  const WorstError none = worst_error({1, 2, 3, 4}, expected, DType::kF32);
  EXPECT_EQ(none.error, 0);
  const WorstError worst = worst_error({1, 2.5, 3, 3}, expected, DType::kF32);
  EXPECT_EQ(worst.at, 3u);
  EXPECT_EQ(worst.error, 0x1p24);
}

TEST(ConformanceCompare, KnowsWhatFitsBfloat16) {
  EXPECT_TRUE(fits_bfloat16({.shape = {4}, .values = {3.9375f, -0.f, kInf, kNan}}));
  EXPECT_FALSE(fits_bfloat16({.shape = {2}, .values = {1.f, 1.f + 0x1p-8f}}));
}

}  // namespace
}  // namespace weir
