#include "explain/pictures/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir {
namespace {

// CIE L*a*b*.
struct Lab {
  double lightness, a, b;
};

// A Bezier curve through the first and the last, drawn towards the others. Chosen so that all of it
// can be shown (each of red, green, blue is between 0 and 1 before rounding), and that lightness
// rises.
constexpr std::array<Lab, 4> kControl{{{15, 28, -46}, {42, 78, -26}, {64, 36, 66}, {93, -12, 72}}};
constexpr int kColours = 256, kFine = 4096;

Lab on_curve(double t) {
  const double s = 1 - t;
  const std::array<double, 4> weight{s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
  Lab point{0, 0, 0};
  for (size_t i = 0; i < kControl.size(); ++i) {
    point.lightness += weight[i] * kControl[i].lightness;
    point.a += weight[i] * kControl[i].a;
    point.b += weight[i] * kControl[i].b;
  }
  return point;
}

double distance(const Lab& p, const Lab& q) {
  return std::hypot(p.lightness - q.lightness, p.a - q.a, p.b - q.b);
}

// To CIE XYZ relative to the white: the inverse of the cube root with its straight beginning.
double from_root(double f) {
  constexpr double kEnd = 6. / 29;
  return f > kEnd ? f * f * f : 3 * kEnd * kEnd * (f - 4. / 29);
}

// The transfer curve of sRGB (IEC 61966-2-1), to a byte.
uint8_t srgb(double linear) {
  const double value =
      linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
  return static_cast<uint8_t>(std::lround(255 * std::clamp(value, 0., 1.)));
}

Colour shown(const Lab& lab) {
  const double fy = (lab.lightness + 16) / 116;
  const double x = 0.95047 * from_root(fy + lab.a / 500), y = from_root(fy);
  const double z = 1.08883 * from_root(fy - lab.b / 200);
  return {srgb(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
          srgb(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
          srgb(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)};
}

std::array<Colour, kColours> make_colours() {
  std::array<double, kFine + 1> way{};  // along the curve, up to each fine step
  for (int i = 1; i <= kFine; ++i) {
    way[i] = way[i - 1] + distance(on_curve(double(i - 1) / kFine), on_curve(double(i) / kFine));
  }
  std::array<Colour, kColours> colours;
  for (int i = 0; i < kColours; ++i) {
    const double wanted = way.back() * i / (kColours - 1);
    const auto at = std::lower_bound(way.begin(), way.end(), wanted) - way.begin();
    colours[i] = shown(on_curve(double(at) / kFine));
  }
  return colours;
}

}  // namespace

Colour heat_colour(double part) {
  static const std::array<Colour, kColours> colours = make_colours();
  return colours[std::lround(std::clamp(part, 0., 1.) * (kColours - 1))];
}

}  // namespace weir
