// Who is in which pooling window: integers only. Sliding and adaptive windows become the same two
// tables for each axis, so that the loops over values exist once.
#pragma once

#include <span>
#include <vector>

#include "core/window.h"

namespace weir::kernels {

// The inputs of one output along one axis.
struct PoolSpan {
  int first_input = 0;  // of the taps inside the image
  int first_tap = 0;    // its position in the window
  int taps = 0;         // inside the image
  int padded = 0;       // the same with the padding counted, ceil_mode's overhang never
};

// An output that reads a given input, and which of its taps that is.
struct PoolCover {
  int output = 0, tap = 0;
};

class PoolAxis {
 public:
  explicit PoolAxis(const Axis& axis);
  // Output i covers inputs windows[i], which are not empty and lie in [0, in).
  static PoolAxis of(int in, std::span<const Range> windows);
  // Output i covers inputs floor(i * in / out) .. ceil((i + 1) * in / out) - 1.
  static PoolAxis adaptive(int in, int out);

  int in() const { return in_; }
  int out() const { return static_cast<int>(spans_.size()); }
  int kernel() const { return kernel_; }  // most taps in a window
  int step() const { return step_; }      // inputs from one tap to the next
  const PoolSpan& span(int output) const { return spans_[static_cast<size_t>(output)]; }
  // In increasing order of outputs.
  std::span<const PoolCover> covers(int input) const {
    const auto begin = static_cast<size_t>(cover_begin_[static_cast<size_t>(input)]);
    const auto end = static_cast<size_t>(cover_begin_[static_cast<size_t>(input) + 1]);
    return std::span(covers_).subspan(begin, end - begin);
  }

 private:
  PoolAxis(int in, int kernel, int step, std::vector<PoolSpan> spans);

  int in_, kernel_, step_;
  std::vector<PoolSpan> spans_;
  std::vector<PoolCover> covers_;  // of input 0, then of input 1, ...
  std::vector<int> cover_begin_;   // where those of an input begin; in + 1 entries
};

struct PoolGeometry {
  PoolAxis y, x;
  explicit PoolGeometry(const Window2d& window) : y(window.y), x(window.x) {}
  PoolGeometry(PoolAxis y_axis, PoolAxis x_axis) : y(std::move(y_axis)), x(std::move(x_axis)) {}

  int taps() const { return y.kernel() * x.kernel(); }
};

}  // namespace weir::kernels
