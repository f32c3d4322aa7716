// Sizes of one convolution, and the walk over its taps that forward and backward share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir::kernels {

struct ConvShape {
  int c = 0, k = 0;  // input and output channels
  int groups = 1;
  Window2d window;

  int group_c() const { return c / groups; }
  int group_k() const { return k / groups; }
  bool depthwise() const { return groups == c && c == k; }  // a single channel, too
  int taps() const { return window.taps(); }
  int64_t weights() const { return int64_t{taps()} * group_c() * k; }
  bool operator==(const ConvShape&) const = default;
};

// Pairs of pixels, one in the destination and one in the source, that a tap connects. In a forward
// pass the destination is the output; swapped, the same pairs carry gradients back to the input.
struct TapRun {
  int tap = 0;           // index along x
  int to = 0, from = 0;  // first pixel on either side
  int count = 0;
  int to_step = 1, from_step = 1;
  bool contiguous() const { return to_step == 1 && from_step == 1; }
};
struct TapRow {
  int tap = 0;   // index along y
  int from = 0;  // row on the source side
};

class TapPlan {
 public:
  static TapPlan forward(const Window2d& window);
  static TapPlan backward(const Window2d& window);

  // The source rows that reach destination row `y`.
  const std::vector<TapRow>& rows(int y) const { return rows_[static_cast<size_t>(y)]; }
  // The runs along x, the same for every row; empty ones are left out.
  const std::vector<TapRun>& runs() const { return runs_; }

 private:
  std::vector<std::vector<TapRow>> rows_;
  std::vector<TapRun> runs_;
};

// For each position of the destination along one axis: the taps that reach it, in order, and where
// on the source each of them reads.
struct Tap {
  int tap = 0, from = 0;
};
class TapTable {
 public:
  static TapTable forward(const Axis& axis);   // outputs from inputs
  static TapTable backward(const Axis& axis);  // gradients of inputs from those of outputs
  const std::vector<Tap>& at(int position) const { return taps_[static_cast<size_t>(position)]; }

 private:
  std::vector<std::vector<Tap>> taps_;
};

}  // namespace weir::kernels
