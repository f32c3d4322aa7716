#include "datasets/augment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

const std::array<std::string, 2> kPaddingModes = {"zero", "reflect"};

// Uniform in [-most, most].
int draw_shift(Philox& random, int most) {
  return static_cast<int>(random.below(2 * static_cast<uint32_t>(most) + 1)) - most;
}

// -1 is next to 1: the edge itself is not repeated (numpy's and PyTorch's "reflect").
int reflect(int position, int size) {
  position = std::abs(position);
  return position < size ? position : 2 * (size - 1) - position;
}

// The crop comes first, then the translation of what it cut out.
AxisMove moved(int size, int crop_shift, int translation, bool reflects) {
  AxisMove move{.size = size,
                .first = crop_shift - translation,
                .begin = std::max(0, translation),
                .end = std::min(size, size + translation)};
  const bool leaves = move.first + move.begin < 0 || move.first + move.end > size;
  if (leaves && reflects) move.reflects = true;
  if (leaves && !reflects) {
    move.begin = std::max(move.begin, -move.first);
    move.end = std::min(move.end, size - move.first);
  }
  return move;
}

void flip(AxisMove& move) {
  const int last = move.size - 1;
  move.first += move.step * last;
  move.step = -move.step;
  move.begin = std::exchange(move.end, move.size - move.begin);
  move.begin = move.size - move.begin;
}

void draw_cut(Placement& placement, int side, int height, int width, Philox& random) {
  const int top = static_cast<int>(random.below(static_cast<uint32_t>(height))) - side / 2;
  const int left = static_cast<int>(random.below(static_cast<uint32_t>(width))) - side / 2;
  placement.cut_top = std::max(top, 0);
  placement.cut_bottom = std::min(top + side, height);
  placement.cut_left = std::max(left, 0);
  placement.cut_right = std::min(left + side, width);
}

}  // namespace

int AxisMove::operator[](size_t to) const {
  const int x = static_cast<int>(to);
  if (x < begin || x >= end) return kOutside;
  return reflects ? reflect(first + step * x, size) : first + step * x;
}

void check(const AugmentOptions& options, int height, int width) {
  const int smaller = std::min(height, width);
  require(options.hflip >= 0 && options.hflip <= 1, "hflip is a probability from 0 to 1, got {}",
          options.hflip);
  require(options.crop_padding >= 0 && options.translate >= 0 && options.cutout >= 0,
          "crop padding, translation and cutout are sizes in pixels, 0 or more; got {}, {} and {}",
          options.crop_padding, options.translate, options.cutout);
  require(std::find(kPaddingModes.begin(), kPaddingModes.end(), options.padding_mode) !=
              kPaddingModes.end(),
          "unknown padding mode '{}'; known: {}{}", options.padding_mode, join(kPaddingModes),
          did_you_mean(options.padding_mode, kPaddingModes));
  require(options.crop_padding < smaller && options.translate < smaller,
          "crop padding {} and translation {} must be smaller than the picture, {} x {} pixels",
          options.crop_padding, options.translate, height, width);
}

Placement draw_placement(const AugmentOptions& options, int height, int width, Philox random) {
  const bool reflects = options.padding_mode == "reflect";
  const bool flips = random.uniform() < options.hflip;
  const int crop_y = draw_shift(random, options.crop_padding);
  const int crop_x = draw_shift(random, options.crop_padding);
  const int down = draw_shift(random, options.translate);
  const int right = draw_shift(random, options.translate);
  Placement placement{.rows = moved(height, crop_y, down, reflects),
                      .columns = moved(width, crop_x, right, reflects)};
  if (flips) flip(placement.columns);
  if (options.cutout > 0) draw_cut(placement, options.cutout, height, width, random);
  return placement;
}

}  // namespace weir
