// How much a layer's output changes when the picture moves by a pixel.
#pragma once

#include <cstdint>
#include <optional>

#include "core/tensor/tensor.h"

namespace weir {

// The pictures (N, C, H, W) one pixel to the right; the left edge is repeated.
Tensor shifted_right(const Tensor& images);

class ShiftResponse {
 public:
  // Neighbouring outputs of a row are this many pixels of the picture apart.
  explicit ShiftResponse(int64_t pixels_apart) : part_(1. / static_cast<double>(pixels_apart)) {}

  // The layer's output for pictures and for the same pictures shifted.
  void add(const Tensor& y, const Tensor& of_shifted);

  // |of_shifted - y| / |y| over all that was added; none for outputs of zeros.
  std::optional<double> change() const;
  // |of_shifted - M(y)| / |y|, where M moves y as far as the picture moved: by 1 / pixels_apart of
  // a cell, between neighbours in proportion, the left edge repeated. A layer that moves along with
  // the picture has 0; maps of one column have nowhere to move.
  std::optional<double> change_beyond_motion() const;

 private:
  std::optional<double> relative(double squares) const;

  double part_;  // of a cell
  double squares_ = 0, changed_ = 0, beyond_ = 0;
};

}  // namespace weir
