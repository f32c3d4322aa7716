#include "train/diagnose/window_maxima.h"

#include "core/tensor/layout.h"

namespace weir {

void WindowMaxima::add(const Tensor& x, const Tensor& y) {
  const int out_h = window_.y.out(), out_w = window_.x.out();
  matches_ = matches_ && y.c() == x.c() && y.h() == out_h && y.w() == out_w;
  if (!matches_) return;
  const std::vector<float> in = nchw_from_images(x), out = nchw_from_images(y);
  const size_t in_size = size_t{1} * x.h() * x.w(), out_size = size_t{1} * out_h * out_w;
  const size_t planes = in.size() / in_size;
  for (size_t plane = 0; plane < planes && matches_; ++plane) {
    add_plane({in.data() + plane * in_size, in_size}, {out.data() + plane * out_size, out_size});
  }
}

void WindowMaxima::add_plane(std::span<const float> x, std::span<const float> y) {
  const int out_w = window_.x.out();
  for (int o = 0; o < static_cast<int>(y.size()); ++o) {
    const float maximum = add_window(x, o / out_w, o % out_w);
    matches_ = matches_ && maximum == y[static_cast<size_t>(o)];
  }
}

float WindowMaxima::add_window(std::span<const float> plane, int oy, int ox) {
  const Range rows = window_.y.taps(oy), columns = window_.x.taps(ox);
  const auto cell = [&](int ky, int kx) {
    const int y = window_.y.origin(oy) + ky * window_.y.dilation;
    const int x = window_.x.origin(ox) + kx * window_.x.dilation;
    return plane[static_cast<size_t>(y * window_.x.in + x)];
  };
  int winner = rows.begin * window_.x.kernel + columns.begin, equals = 0;
  float maximum = cell(rows.begin, columns.begin);
  bool all_zero = true;
  for (int ky = rows.begin; ky < rows.end; ++ky) {
    for (int kx = columns.begin; kx < columns.end; ++kx) {
      const float value = cell(ky, kx);
      all_zero = all_zero && value == 0;
      equals = value > maximum ? 1 : equals + (value == maximum);
      if (value > maximum) winner = ky * window_.x.kernel + kx;
      if (value > maximum) maximum = value;
    }
  }
  ++windows_;
  ++winners_[static_cast<size_t>(winner)];
  tied_ += equals > 1;
  zero_ += equals > 1 && all_zero;
  return maximum;
}

}  // namespace weir
