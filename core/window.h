// The window that convolution and pooling share: integers only, nothing about values.
//
// Master formula, for each axis (I input, K kernel, S stride, P padding, D dilation):
//   O = floor((I + 2P - D(K-1) - 1) / S) + 1
// ceil_mode rounds up instead, so that the last window may hang over the right padding, and drops
// it when it would start there (PyTorch's rule, ATen/native/Pool.h). 0 or less means that the
// window does not fit: O is 0 then.
#pragma once

#include <algorithm>
#include <string>

namespace weir {

// Half-open range of integers.
struct Range {
  int begin = 0, end = 0;
  constexpr int size() const { return end - begin; }
  constexpr bool contains(int i) const { return i >= begin && i < end; }
  constexpr bool operator==(const Range&) const = default;
};

constexpr int div_ceil(int a, int b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }
constexpr int div_floor(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// One spatial direction.
struct Axis {
  int in = 1, kernel = 1, stride = 1, pad = 0, dilation = 1;
  bool ceil_mode = false;

  constexpr int extent() const { return dilation * (kernel - 1) + 1; }
  constexpr int out() const {
    const int span = in + 2 * pad - extent();
    int count = (ceil_mode ? div_ceil(span, stride) : div_floor(span, stride)) + 1;
    if (ceil_mode && (count - 1) * stride >= in + pad) --count;
    return std::max(count, 0);
  }
  // First input position of window o; may be negative.
  constexpr int origin(int o) const { return o * stride - pad; }
  // The taps of window o that lie inside the image.
  constexpr Range taps(int o) const {
    const int begin = origin(o) >= 0 ? 0 : div_ceil(-origin(o), dilation);
    const int end = origin(o) >= in ? 0 : (in - 1 - origin(o)) / dilation + 1;
    return {std::min(begin, kernel), std::clamp(end, std::min(begin, kernel), kernel)};
  }
  // The outputs for which `tap` lies inside the image.
  constexpr Range outputs(int tap) const {
    const int shift = tap * dilation - pad;
    const int begin = std::clamp(div_ceil(-shift, stride), 0, out());
    const int end = std::clamp(div_floor(in - 1 - shift, stride) + 1, begin, out());
    return {begin, end};
  }
  // The outputs whose window lies wholly inside the image.
  constexpr Range interior() const {
    const Range first = outputs(0), last = outputs(kernel - 1);
    const int begin = std::max(first.begin, last.begin);
    return {begin, std::max(begin, std::min(first.end, last.end))};
  }
  constexpr bool operator==(const Axis&) const = default;
};

struct Window2d {
  Axis y, x;

  // A window as large as the image: global pooling needs no second code path.
  static constexpr Window2d global(int h, int w) {
    return {{.in = h, .kernel = h, .stride = h}, {.in = w, .kernel = w, .stride = w}};
  }
  constexpr int taps() const { return y.kernel * x.kernel; }
  // No input belongs to two windows.
  constexpr bool tiles() const { return y.stride >= y.extent() && x.stride >= x.extent(); }
  constexpr bool operator==(const Window2d&) const = default;
};

// The master formula with its numbers: "floor((32 + 2*1 - 1*(3-1) - 1) / 2) + 1 = 16".
std::string formula(const Axis& axis);

}  // namespace weir
