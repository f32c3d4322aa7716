// What counts as near enough.
#include "conformance/compare.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
const float kNan = std::nanf("");
constexpr Stored kFloat{DType::kF32, true}, kHalf{DType::kBF16, true};

TEST(ConformanceCompare, ExactMeansBits) {
  EXPECT_EQ(error_of(1.5f, 1.5f, {}, kFloat), 0);
  EXPECT_EQ(error_of(std::nextafter(1.5f, 2.f), 1.5f, {}, kFloat), kInf);
  EXPECT_EQ(error_of(-0.f, 0.f, {}, kFloat), kInf);
  EXPECT_EQ(error_of(kInf, kInf, {}, kFloat), 0);
}

TEST(ConformanceCompare, ErrorsAreInUnitsOfTheTolerance) {
  const Tolerance tolerance{.roundings = 4, .scale = 8};  // 32 * 2^-24 = 2^-19
  EXPECT_EQ(tolerance.absolute(DType::kF32), 0x1p-19);
  EXPECT_EQ(error_of(1.f + 0x1p-20f, 1.f, tolerance, kFloat), 0.5);
  EXPECT_EQ(error_of(1.f - 0x1p-18f, 1.f, tolerance, kFloat), 2);
  // Nothing was added up: only the very number will do, of either sign when it is zero.
  EXPECT_EQ(error_of(-0.f, 0.f, {.roundings = 4, .scale = 0}, kFloat), 0);
  EXPECT_EQ(error_of(0x1p-149f, 0.f, {.roundings = 4, .scale = 0}, kFloat), kInf);
}

TEST(ConformanceCompare, NoToleranceCoversNanAndInfinity) {
  const Tolerance wide{.roundings = 1 << 24, .scale = 1e30};
  EXPECT_EQ(error_of(kNan, -kNan, wide, kFloat), 0);
  EXPECT_EQ(error_of(kNan, 0.f, wide, kFloat), kInf);
  EXPECT_EQ(error_of(0.f, kNan, wide, kFloat), kInf);
  EXPECT_EQ(error_of(-kInf, kInf, wide, kFloat), kInf);
  EXPECT_EQ(error_of(1e30f, kInf, wide, kFloat), kInf);
  EXPECT_EQ(error_of(kInf, 1.f, wide, kFloat), kInf);
}

TEST(ConformanceCompare, Bfloat16IsRoundedOnce) {
  // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7: to the even one, 1.
  EXPECT_EQ(error_of(1.f, 1.f + 0x1p-8f, {}, kHalf), 0);
  EXPECT_EQ(error_of(1.f + 0x1p-7f, 1.f + 0x1p-8f, {}, kHalf), kInf);
  // A result a little above the half may be meant: then either neighbour is right, no other.
  const Tolerance tolerance{.roundings = 2, .scale = 1};
  EXPECT_EQ(error_of(1.f, 1.f + 0x1p-8f, tolerance, kHalf), 0);
  EXPECT_EQ(error_of(1.f + 0x1p-7f, 1.f + 0x1p-8f, tolerance, kHalf), 0);
  EXPECT_GT(error_of(1.f + 0x1p-6f, 1.f + 0x1p-8f, tolerance, kHalf), 1);
  EXPECT_GT(error_of(1.f - 0x1p-8f, 1.f + 0x1p-8f, tolerance, kHalf), 1);
}

TEST(ConformanceCompare, IntermediateImagesAreRoundedToo) {
  const Tolerance tolerance{.roundings = 1, .scale = 4, .stored = 2};
  EXPECT_EQ(tolerance.absolute(DType::kF32), 0x1p-22);
  EXPECT_EQ(tolerance.absolute(DType::kBF16), 0x1p-22 + 0x1p-5);
  // A gradient of a parameter is a float, of images that were rounded.
  const Stored number{DType::kBF16, false};
  EXPECT_LE(error_of(1.f + 0x1p-5f, 1.f, tolerance, number), 1);
  EXPECT_GT(error_of(1.f + 0x1p-4f, 1.f, tolerance, number), 1);
  EXPECT_GT(error_of(1.f + 0x1p-5f, 1.f, tolerance, kFloat), 1);
}

TEST(ConformanceCompare, TheWorstElementIsFound) {
  const Expectation expected{{.shape = {4}, .values = {1, 2, 3, 4}}, {.roundings = 1, .scale = 1}};
  const WorstError none = worst_error({1, 2, 3, 4}, expected, kFloat);
  EXPECT_EQ(none.error, 0);
  const WorstError worst = worst_error({1, 2.5, 3, 3}, expected, kFloat);
  EXPECT_EQ(worst.at, 3u);
  EXPECT_EQ(worst.error, 0x1p24);
  Expectation without_the_last = expected;
  without_the_last.undefined = {3};
  EXPECT_EQ(worst_error({1, 2.5, 3, 3}, without_the_last, kFloat).at, 1u);
}

TEST(ConformanceCompare, KnowsWhatFitsBfloat16) {
  EXPECT_TRUE(fits_bfloat16({.shape = {4}, .values = {3.9375f, -0.f, kInf, kNan}}));
  EXPECT_FALSE(fits_bfloat16({.shape = {2}, .values = {1.f, 1.f + 0x1p-8f}}));
}

}  // namespace
}  // namespace weir
