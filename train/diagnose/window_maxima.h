// Where in their windows the maxima lie, and how often there are several.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir {

class WindowMaxima {
 public:
  explicit WindowMaxima(const Window2d& window)
      : window_(window), winners_(static_cast<size_t>(window.taps())) {}

  // x (N, C, H, W), and what the layer made of it.
  void add(const Tensor& x, const Tensor& y);

  // So far every y was the maximum of the window at its place. Not so where windows are random or
  // differ in size; then the counts below mean nothing.
  bool matches() const { return matches_; }
  int64_t windows() const { return windows_; }
  int64_t tied() const { return tied_; }  // with two or more cells as large as the largest
  int64_t zero() const { return zero_; }  // tied, and all cells inside the image are zero
  // For each tap, row-major (KH, KW): how often it held the first of the largest cells, which is
  // the one that gets the gradient. Adds up to windows().
  const std::vector<int64_t>& winners() const { return winners_; }

 private:
  void add_plane(std::span<const float> x, std::span<const float> y);
  // The maximum of the window at output (oy, ox), which it counts.
  float add_window(std::span<const float> plane, int oy, int ox);

  Window2d window_;
  bool matches_ = true;
  int64_t windows_ = 0, tied_ = 0, zero_ = 0;
  std::vector<int64_t> winners_;
};

}  // namespace weir
