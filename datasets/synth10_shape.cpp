// Compiled with -ffp-contract=off, and with + - * / sqrt and comparisons only: IEEE 754 then fixes
// every bit of the result.
#include "datasets/synth10_shape.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kSqrt3 = 1.73205081f;

// sin(2 pi x) for |x| <= 1/4, by its Taylor series; the error is below 1e-5.
float sine_of_turns(float x) {
  const float a = 2 * kPi * x, b = a * a;
  return a * (1 - b * (1.0f / 6) * (1 - b * (1.0f / 20) * (1 - b * (1.0f / 42) * (1 - b / 72))));
}

// sin(2 pi x) for any x.
float sine_of_any(float x) {
  x -= std::floor(x + 0.5f);  // now in [-1/2, 1/2]
  if (x > 0.25f) x = 0.5f - x;
  if (x < -0.25f) x = -0.5f - x;
  return sine_of_turns(x);
}

// How far the shape reaches from its centre, before stretching.
float reach(const DrawnShape& shape) {
  const float r = shape.radius, d = shape.detail;
  switch (shape.kind) {
    case ShapeKind::kDisc:
      return r;
    case ShapeKind::kSquare:
      return r * std::sqrt(kPi / 2);
    case ShapeKind::kTriangle:
      return 2 * r * std::sqrt(kPi / (3 * kSqrt3));
    case ShapeKind::kRing:
      return r / std::sqrt(1 - d * d);
    case ShapeKind::kCross:
      return r * std::sqrt(kPi / (4 * (2 * d - d * d)) * (1 + d * d));
    case ShapeKind::kBar:
      return r + d;
  }
  return r;
}

void set_box(const DrawnShape& shape, Coverage& coverage) {
  const float far = reach(shape) * std::max(shape.stretch, 1 / shape.stretch);
  const auto pixel = [](float position) {
    const float clamped = std::clamp(position / kCanvasPixel, 0.0f, float{kCanvasSize});
    return static_cast<int>(clamped);
  };
  coverage.left = pixel(shape.x - far);
  coverage.top = pixel(shape.y - far);
  coverage.right = std::min(pixel(shape.x + far) + 1, kCanvasSize);
  coverage.bottom = std::min(pixel(shape.y + far) + 1, kCanvasSize);
}

// Sets the pixels where inside(u, v) holds; u and v are measured along the shape's own axes.
template <class Inside>
void fill(const DrawnShape& shape, Coverage& coverage, Inside inside) {
  const float across = 1 / shape.stretch, down = shape.stretch;
  for (int row = coverage.top; row < coverage.bottom; ++row) {
    const float dy = (static_cast<float>(row) + 0.5f) * kCanvasPixel - shape.y;
    uint8_t* out = coverage.covered.data() + row * kCanvasSize;
    for (int column = coverage.left; column < coverage.right; ++column) {
      const float dx = (static_cast<float>(column) + 0.5f) * kCanvasPixel - shape.x;
      const float u = (shape.rotation.cosine * dx + shape.rotation.sine * dy) * across;
      const float v = (shape.rotation.cosine * dy - shape.rotation.sine * dx) * down;
      out[column] = inside(u, v) ? 1 : 0;
    }
  }
}

}  // namespace

Rotation rotation(float turns) { return {sine_of_any(turns + 0.25f), sine_of_any(turns)}; }

void cover(const DrawnShape& shape, Coverage& coverage) {
  set_box(shape, coverage);
  const float r = shape.radius, d = shape.detail;
  switch (shape.kind) {
    case ShapeKind::kDisc:
      return fill(shape, coverage, [=](float u, float v) { return u * u + v * v <= r * r; });
    case ShapeKind::kSquare: {
      const float half = r * std::sqrt(kPi) / 2;
      return fill(shape, coverage,
                  [=](float u, float v) { return (std::abs(u) <= half) & (std::abs(v) <= half); });
    }
    case ShapeKind::kTriangle: {
      const float inner = r * std::sqrt(kPi / (3 * kSqrt3));
      return fill(shape, coverage, [=](float u, float v) {
        return (v <= inner) & (kSqrt3 * std::abs(u) - v <= 2 * inner);
      });
    }
    case ShapeKind::kRing: {
      const float outer = r * r / (1 - d * d), hole = outer * d * d;
      return fill(shape, coverage, [=](float u, float v) {
        const float square = u * u + v * v;
        return (square <= outer) & (square >= hole);
      });
    }
    case ShapeKind::kCross: {
      const float length = r * std::sqrt(kPi / (4 * (2 * d - d * d))), width = length * d;
      return fill(shape, coverage, [=](float u, float v) {
        const float longer = std::max(std::abs(u), std::abs(v));
        return (longer <= length) & (std::min(std::abs(u), std::abs(v)) <= width);
      });
    }
    case ShapeKind::kBar:
      return fill(shape, coverage,
                  [=](float u, float v) { return (std::abs(u) <= r) & (std::abs(v) <= d / 2); });
  }
}

}  // namespace weir
