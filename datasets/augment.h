// Random changes of training pictures that keep their class: crop, translation, flip and cutout, in
// this order. They act on normalised pictures, so the zeros that come in are the mean colour (for
// every normalisation but "none", where they are black).
#pragma once

#include <cstddef>
#include <string>

#include "core/runtime/philox.h"

namespace weir {

struct AugmentOptions {
  float hflip = 0;       // probability of a mirror image, left to right
  int crop_padding = 0;  // as PyTorch's RandomCrop(size, padding): pad all sides, cut out the size
  std::string padding_mode = "zero";  // what the crop pads with: zero | reflect (edge not repeated)
  int translate = 0;  // shift along each axis by an integer in [-translate, translate]; zeros in
  int cutout = 0;     // side of a zero square centred at a uniform pixel, cut off at the borders
                      // (DeVries and Taylor, arXiv:1708.04552)

  bool any() const { return hflip > 0 || crop_padding > 0 || translate > 0 || cutout > 0; }
};

// Throws kUsage: a probability outside [0, 1], a negative size, an unknown padding mode, reflection
// of as much as the picture has, a translation that leaves nothing.
void check(const AugmentOptions& options, int height, int width);

// Where the pixels of one axis of a changed picture come from.
struct AxisMove {
  static constexpr int kOutside = -1;
  int size = 0;             // pixels of the axis
  int first = 0, step = 1;  // `to` comes from first + step * to; step is 1 or -1
  int begin = 0, end = 0;   // .. where begin <= to < end; from outside elsewhere
  bool reflects = false;    // first + step * to is reflected at the borders (edge not repeated)

  static AxisMove none(int size) { return {.size = size, .end = size}; }
  int operator[](size_t to) const;
};

// out(y, x) = in(rows[y], columns[x]), or zero where either is kOutside or (y, x) lies in the cut.
struct Placement {
  static constexpr int kOutside = AxisMove::kOutside;
  AxisMove rows, columns;
  int cut_top = 0, cut_bottom = 0, cut_left = 0, cut_right = 0;  // half-open; empty without cutout
};

// Draws the changes of one picture. `random` is Philox(seed, Purpose::kAugment, epoch, index): the
// same for any batch size, order and number of threads.
Placement draw_placement(const AugmentOptions& options, int height, int width, Philox random);

}  // namespace weir
