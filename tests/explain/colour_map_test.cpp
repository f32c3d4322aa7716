#include "explain/pictures/colour_map.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace weir::testing {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

Triple times(const Matrix& matrix, const Triple& v) {
  Triple out{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) out[i] += matrix[i][j] * v[j];
  }
  return out;
}

double linear(uint8_t byte) {
  const double value = byte / 255.;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

// Linear sRGB to CIE L*a*b* (white D65), by the definition of CIE 15.
Triple lab_of(const Triple& rgb) {
  const Triple xyz = times({{{0.4124564, 0.3575761, 0.1804375},
                             {0.2126729, 0.7151522, 0.0721750},
                             {0.0193339, 0.1191920, 0.9503041}}},
                           rgb);
  const auto root = [](double t) {
    return t > 216. / 24389 ? std::cbrt(t) : (24389. / 27 * t + 16) / 116;
  };
  const double x = root(xyz[0] / 0.95047), y = root(xyz[1]), z = root(xyz[2] / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

Triple rgb_of(double part) {
  const Colour colour = heat_colour(part);
  return {linear(colour.red), linear(colour.green), linear(colour.blue)};
}

double distance(const Triple& p, const Triple& q) {
  return std::sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
                   (p[2] - q[2]) * (p[2] - q[2]));
}

constexpr int kSteps = 16;

// Bytes are rounded by up to 1/2: in the dark, where L*a*b* is most sensitive, that is about 0.5
// of its units at each end of a step.
TEST(ColourMap, EqualStepsLookEquallyFar) {
  std::array<double, kSteps> steps{};
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    steps[size_t(i)] =
        distance(lab_of(rgb_of(double(i) / kSteps)), lab_of(rgb_of((i + 1.) / kSteps)));
    sum += steps[size_t(i)];
  }
  for (const double step : steps) EXPECT_NEAR(step, sum / kSteps, 1.2 + 0.02 * sum / kSteps);
}

TEST(ColourMap, LightnessRisesFromDarkToBright) {
  double before = -1;
  for (int i = 0; i <= 64; ++i) {
    const double lightness = lab_of(rgb_of(i / 64.))[0];
    EXPECT_GT(lightness, before) << i;
    before = lightness;
  }
  EXPECT_LT(lab_of(rgb_of(0))[0], 20);
  EXPECT_GT(lab_of(rgb_of(1))[0], 90);
}

// Protanopia, deuteranopia and tritanopia after Machado, Oliveira, Fernandes, "A physiologically-
// based model for simulation of color vision deficiency", IEEE TVCG 2009 (severity 1): neighbours
// of 8 colours stay at least 8 units apart, and lightness still rises.
TEST(ColourMap, StaysReadableWithColourBlindness) {
  const std::array<Matrix, 3> simulations{{{{{0.152286, 1.052583, -0.204868},
                                             {0.114503, 0.786281, 0.099216},
                                             {-0.003882, -0.048116, 1.051998}}},
                                           {{{0.367322, 0.860646, -0.227968},
                                             {0.280085, 0.672501, 0.047413},
                                             {-0.011820, 0.042940, 0.968881}}},
                                           {{{1.255528, -0.076749, -0.178779},
                                             {-0.078411, 0.930809, 0.147602},
                                             {0.004733, 0.691367, 0.303900}}}}};
  for (const Matrix& simulation : simulations) {
    const auto seen = [&](double part) { return lab_of(times(simulation, rgb_of(part))); };
    for (int i = 0; i < 7; ++i) {
      EXPECT_GT(distance(seen(i / 7.), seen((i + 1) / 7.)), 8) << i;
      EXPECT_GT(seen((i + 1) / 7.)[0], seen(i / 7.)[0]) << i;
    }
  }
}

TEST(ColourMap, OutsideTheRangeTheEndsGoOn) {
  const auto bytes = [](double part) {
    const Colour colour = heat_colour(part);
    return std::array{colour.red, colour.green, colour.blue};
  };
  EXPECT_EQ(bytes(-3), bytes(0));
  EXPECT_EQ(bytes(1.5), bytes(1));
  EXPECT_NE(bytes(0), bytes(1));
}

}  // namespace
}  // namespace weir::testing
