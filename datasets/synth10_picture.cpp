// Compiled with -ffp-contract=off, and with + - * / and comparisons only: IEEE 754 then fixes
// every bit of the result.
//
// Every step of the recipe draws its numbers from a Philox stream of its own, in the order of the
// code below: Philox(seed, kSynthetic, index, 16 * split + step).
#include "datasets/synth10_picture.h"

#include <algorithm>
#include <array>

#include "core/runtime/philox.h"
#include "datasets/synth10_shape.h"

namespace weir {
namespace {

using Colour = std::array<float, 3>;
using Plane = std::array<float, kCanvasSize * kCanvasSize>;
using Canvas = std::array<Plane, 3>;
constexpr int kSize = Synth10Sample::kSize;

enum class Step : uint32_t { kBackground, kClutter, kObject, kTexture, kBars, kNoise };

// The draws of one step. Own arithmetic instead of Philox::uniform, because an inline function may
// come from a file that is compiled with other options.
class Draws {
 public:
  Draws(uint64_t seed, Synth10Split split, uint32_t index, Step step)
      : random_(seed, Purpose::kSynthetic, index,
                16 * static_cast<uint32_t>(split) + static_cast<uint32_t>(step)) {}

  uint32_t bits() { return random_.next(); }
  float uniform(Interval range) {
    const float unit = random_.uniform();
    return range.low + (range.high - range.low) * unit;
  }
  // One of 0 .. count-1.
  int choice(int count) { return static_cast<int>((random_.next() >> 8) * uint64_t(count) >> 24); }
  Colour colour(Interval range) {
    Colour colour;
    for (float& channel : colour) channel = uniform(range);
    return colour;
  }

 private:
  Philox random_;
};

// Stripes, or checks: two square waves multiplied. Both have mean 0 and are +-contrast everywhere,
// so nothing but their form tells them apart.
struct Texture {
  bool checked;
  Rotation rotation;
  float period, phase_u, phase_v;
  Colour contrast;  // of each channel, with its sign
};

constexpr Interval kAnyTurn{0, 1}, kFillColour{0.2f, 0.8f};

Texture draw_texture(Draws& draws, bool checked, const Synth10Difficulty& difficulty) {
  Texture texture{.checked = checked};
  texture.rotation = rotation(draws.uniform(kAnyTurn));
  texture.period = draws.uniform(difficulty.texture_period);
  texture.phase_u = draws.uniform(kAnyTurn);
  texture.phase_v = draws.uniform(kAnyTurn);
  const float contrast = draws.uniform(difficulty.texture_contrast);
  for (float& channel : texture.contrast) channel = draws.choice(2) == 0 ? contrast : -contrast;
  return texture;
}

// Is `x` in the first half of its period (1)? The period's number is rounded down by hand, which
// baseline processors do faster than std::floor.
bool first_half(float x) {
  const auto whole = static_cast<int>(x);
  const float fraction = x - static_cast<float>(whole);
  return fraction < 0 ? fraction < -0.5f : fraction < 0.5f;
}

// +1 or -1 at a point of the picture.
float wave(const Texture& texture, float x, float y) {
  const float scale = 1 / texture.period;
  const float u = (texture.rotation.cosine * x + texture.rotation.sine * y) * scale;
  bool light = first_half(u + texture.phase_u);
  if (texture.checked) {
    const float v = (texture.rotation.cosine * y - texture.rotation.sine * x) * scale;
    light = light == first_half(v + texture.phase_v);
  }
  return light ? 1.0f : -1.0f;
}

void paint_background(Draws draws, Canvas& canvas) {
  const Colour middle = draws.colour({0.15f, 0.85f});
  const Colour across = draws.colour({-0.25f, 0.25f}), down = draws.colour({-0.25f, 0.25f});
  for (size_t c = 0; c < 3; ++c) {
    for (int row = 0; row < kCanvasSize; ++row) {
      const float y = (static_cast<float>(row) + 0.5f) * (1.0f / kCanvasSize) - 0.5f;
      const float start = middle[c] + down[c] * y;
      float* out = canvas[c].data() + row * kCanvasSize;
      for (int column = 0; column < kCanvasSize; ++column) {
        const float x = (static_cast<float>(column) + 0.5f) * (1.0f / kCanvasSize) - 0.5f;
        out[column] = start + across[c] * x;
      }
    }
  }
}

void paint_plain(const Coverage& coverage, const Colour& colour, Canvas& canvas) {
  for (int row = coverage.top; row < coverage.bottom; ++row) {
    for (int i = row * kCanvasSize + coverage.left; i < row * kCanvasSize + coverage.right; ++i) {
      if (!coverage.covered[i]) continue;
      for (size_t c = 0; c < 3; ++c) canvas[c][i] = colour[c];
    }
  }
}

void paint_textured(const Coverage& coverage, const Colour& colour, const Texture& texture,
                    Canvas& canvas) {
  for (int row = coverage.top; row < coverage.bottom; ++row) {
    const float y = (static_cast<float>(row) + 0.5f) * kCanvasPixel;
    for (int column = coverage.left; column < coverage.right; ++column) {
      const int i = row * kCanvasSize + column;
      if (!coverage.covered[i]) continue;
      const float sign = wave(texture, (static_cast<float>(column) + 0.5f) * kCanvasPixel, y);
      for (size_t c = 0; c < 3; ++c) canvas[c][i] = colour[c] + sign * texture.contrast[c];
    }
  }
}

float draw_detail(Draws& draws, ShapeKind kind, const Synth10Difficulty& difficulty) {
  return draws.uniform(kind == ShapeKind::kRing ? difficulty.ring_hole : difficulty.cross_arm);
}

// Small patches with any shape and any texture: "there is a texture somewhere" tells nothing.
void paint_clutter(Draws draws, const Synth10Difficulty& difficulty, Coverage& coverage,
                   Canvas& canvas) {
  const int count = 1 + draws.choice(difficulty.most_clutter);
  for (int i = 0; i < count; ++i) {
    DrawnShape shape{.kind = static_cast<ShapeKind>(draws.choice(5)), .stretch = 1};
    shape.radius = draws.uniform({2, 4});
    shape.x = draws.uniform({0, kSize});
    shape.y = draws.uniform({0, kSize});
    shape.detail = draw_detail(draws, shape.kind, difficulty);
    shape.rotation = rotation(draws.uniform(kAnyTurn));
    const Colour colour = draws.colour(kFillColour);
    const bool checked = draws.choice(2) == 1;
    cover(shape, coverage);
    paint_textured(coverage, colour, draw_texture(draws, checked, difficulty), canvas);
  }
}

DrawnShape draw_object(Draws& draws, ShapeKind kind, const Synth10Difficulty& difficulty) {
  DrawnShape shape{.kind = kind};
  shape.radius = draws.uniform(difficulty.radius);
  const float margin = shape.radius + 1;
  shape.x = draws.uniform({margin, kSize - margin});
  shape.y = draws.uniform({margin, kSize - margin});
  shape.detail = draw_detail(draws, kind, difficulty);
  const float stretch = draws.uniform({1, difficulty.stretch});
  shape.stretch = draws.choice(2) == 0 ? stretch : 1 / stretch;
  shape.rotation = rotation(draws.uniform({-difficulty.turn, difficulty.turn}));
  return shape;
}

// A colour that stands out from what is on the canvas at (x, y); after 16 tries the last one.
Colour draw_object_colour(Draws& draws, const DrawnShape& shape, float distance,
                          const Canvas& canvas) {
  const int at = static_cast<int>(shape.y / kCanvasPixel) * kCanvasSize +
                 static_cast<int>(shape.x / kCanvasPixel);
  Colour colour{};
  for (int attempt = 0; attempt < 16; ++attempt) {
    colour = draws.colour(kFillColour);
    float difference = 0;
    for (size_t c = 0; c < 3; ++c) {
      const float step = colour[c] - canvas[c][at];
      difference += step < 0 ? -step : step;
    }
    if (difference >= distance) break;
  }
  return colour;
}

void paint_bars(Draws draws, const Synth10Difficulty& difficulty, Coverage& coverage,
                Canvas& canvas) {
  const int count = draws.choice(difficulty.most_bars + 1);
  for (int i = 0; i < count; ++i) {
    DrawnShape shape{.kind = ShapeKind::kBar, .stretch = 1};
    shape.radius = draws.uniform({5, 16});
    shape.x = draws.uniform({0, kSize});
    shape.y = draws.uniform({0, kSize});
    shape.detail = draws.uniform(difficulty.bar_width);
    shape.rotation = rotation(draws.uniform(kAnyTurn));
    cover(shape, coverage);
    paint_plain(coverage, draws.colour({0.1f, 0.9f}), canvas);
  }
}

// The canvas pixels of picture pixel `i`.
std::array<int, 4> canvas_pixels(int i) {
  const int first = i / kSize * 2 * kCanvasSize + i % kSize * 2;
  return {first, first + 1, first + kCanvasSize, first + kCanvasSize + 1};
}

void set_mask(const Coverage& coverage, Synth10Sample& sample) {
  for (int i = 0; i < kSize * kSize; ++i) {
    int covered = 0;
    for (int pixel : canvas_pixels(i)) {
      const int row = pixel / kCanvasSize, column = pixel % kCanvasSize;
      const bool in_box = row >= coverage.top && row < coverage.bottom && column >= coverage.left &&
                          column < coverage.right;
      covered += in_box ? coverage.covered[pixel] : 0;
    }
    sample.mask[i] = covered >= 2 ? 1 : 0;
  }
}

// Nearly normal with standard deviation 1: the sum of four random bytes, centred and scaled (the
// variance of a byte is (256^2 - 1) / 12).
float noise(uint32_t bits) {
  const uint32_t sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24);
  return (static_cast<float>(sum) - 510) * (1 / 147.801f);
}

void develop(Draws draws, float noise_level, const Canvas& canvas, Synth10Sample& sample) {
  for (size_t c = 0; c < 3; ++c) {
    for (int i = 0; i < kSize * kSize; ++i) {
      const auto [a, b, d, e] = canvas_pixels(i);
      const float mean = ((canvas[c][a] + canvas[c][b]) + (canvas[c][d] + canvas[c][e])) * 0.25f;
      const float value = mean + noise_level * noise(draws.bits());
      sample.pixels[c * kSize * kSize + i] =
          static_cast<uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255 + 0.5f);
    }
  }
}

}  // namespace

Synth10Sample draw_synth10(uint64_t seed, Synth10Split split, uint32_t index,
                           const Synth10Difficulty& difficulty) {
  const auto draws = [&](Step step) { return Draws(seed, split, index, step); };
  Synth10Sample sample;
  sample.label = static_cast<int>(index % 10);
  Canvas canvas;
  Coverage coverage;
  paint_background(draws(Step::kBackground), canvas);
  paint_clutter(draws(Step::kClutter), difficulty, coverage, canvas);

  Draws object_draws = draws(Step::kObject), texture_draws = draws(Step::kTexture);
  const auto kind = static_cast<ShapeKind>(sample.label / 2);
  const DrawnShape object = draw_object(object_draws, kind, difficulty);
  const Colour colour =
      draw_object_colour(object_draws, object, difficulty.colour_distance, canvas);
  const Texture texture = draw_texture(texture_draws, sample.label % 2 == 1, difficulty);
  cover(object, coverage);
  paint_textured(coverage, colour, texture, canvas);
  set_mask(coverage, sample);

  paint_bars(draws(Step::kBars), difficulty, coverage, canvas);
  develop(draws(Step::kNoise), difficulty.noise, canvas, sample);
  return sample;
}

}  // namespace weir
