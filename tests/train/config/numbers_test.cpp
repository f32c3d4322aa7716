#include "train/config/numbers.h"

#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Numbers, ReadsIntegers) {
  EXPECT_EQ(parse_integer("0").value, 0);
  EXPECT_EQ(parse_integer("-17").value, -17);
  EXPECT_EQ(parse_integer("9223372036854775807").value, std::numeric_limits<int64_t>::max());
}

TEST(Numbers, RefusesWhatIsNoInteger) {
  for (const char* text : {"", "-", "3.0", "1e3", "0x10", "1_000", "+3", " 3", "3 ", "three"}) {
    EXPECT_FALSE(parse_integer(text).value.has_value()) << text;
  }
  EXPECT_EQ(parse_integer("010").problem, "leading zeros are not allowed");
  EXPECT_EQ(parse_integer("-00").problem, "leading zeros are not allowed");
  EXPECT_EQ(parse_integer("9223372036854775808").problem, "the number does not fit");
}

TEST(Numbers, ReadsNumbers) {
  EXPECT_EQ(parse_number("1e-3").value, 1e-3);
  EXPECT_EQ(parse_number("5.0e-4").value, 5e-4);
  EXPECT_EQ(parse_number("-2").value, -2.0);
  EXPECT_EQ(parse_number(".5").value, 0.5);
  EXPECT_EQ(parse_number("0.25").value, 0.25);
}

TEST(Numbers, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "inf", "nan", "-inf", "infinity", "0x1p3", "1,5", "1.2.3", "e5"}) {
    EXPECT_FALSE(parse_number(text).value.has_value()) << text;
  }
  EXPECT_EQ(parse_number("01.5").problem, "leading zeros are not allowed");
  EXPECT_EQ(parse_number("1e999").problem, "the number does not fit");
}

TEST(Numbers, WritesTheShortestText) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(5e-4), "5e-4");
  EXPECT_EQ(shortest(1e-8), "1e-8");
  EXPECT_EQ(shortest(1e10), "1e10");
  EXPECT_EQ(shortest(1e-100), "1e-100");
  EXPECT_EQ(shortest(128.0), "128");
  EXPECT_EQ(shortest(0.3f), "0.3");
}

TEST(Numbers, TextReadsBackExactly) {
  for (const double value : {0.1 + 0.2, 1.0 / 3, 5e-324, 1.7976931348623157e308, 123456.789e-30}) {
    EXPECT_EQ(parse_number(shortest(value)).value, value);
  }
}

TEST(Numbers, RangesHoldTheirEndsUnlessOpen) {
  const NumberRange closed{.min = 0, .max = 1};
  EXPECT_TRUE(closed.holds(0) && closed.holds(1));
  EXPECT_FALSE(closed.holds(-0.1) || closed.holds(1.1));
  const NumberRange open{.min = 0, .max = 1, .min_open = true, .max_open = true};
  EXPECT_FALSE(open.holds(0) || open.holds(1));
  EXPECT_TRUE(open.holds(0.5));
}

TEST(Numbers, RangesSayWhatTheyAre) {
  EXPECT_EQ(NumberRange{}.str(), "");
  EXPECT_EQ((NumberRange{.min = 1}.str()), ">= 1");
  EXPECT_EQ((NumberRange{.min = 0, .min_open = true}.str()), "> 0");
  EXPECT_EQ((NumberRange{.max = 2}.str()), "<= 2");
  EXPECT_EQ((NumberRange{.min = 0, .max = 1, .max_open = true}.str()), "from 0 to below 1");
}

}  // namespace
}  // namespace weir
