#include "train/diagnose/shift_response.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/tensor/layout.h"

namespace weir {

Tensor shifted_right(const Tensor& images) {
  Tensor shifted = Tensor::like(images);
  const auto bytes = static_cast<size_t>(images.panel_size()) * size_of(images.dtype());
  const int rows = images.blocks() * images.h(), width = images.w();
  for (int row = 0; row < rows; ++row) {
    const size_t start = static_cast<size_t>(row) * width;
    for (int x = 0; x < width; ++x) {
      const size_t from = start + std::max(x - 1, 0);
      std::memcpy(shifted.data<std::byte>() + (start + x) * bytes,
                  images.data<std::byte>() + from * bytes, bytes);
    }
  }
  return shifted;
}

void ShiftResponse::add(const Tensor& y, const Tensor& of_shifted) {
  const std::vector<float> before = nchw_from_images(y), after = nchw_from_images(of_shifted);
  const auto width = static_cast<size_t>(y.w());
  const auto square = [](double value) { return value * value; };
  for (size_t i = 0; i < before.size(); ++i) {
    const double here = before[i], left = i % width == 0 ? here : before[i - 1];
    squares_ += square(here);
    changed_ += square(after[i] - here);
    beyond_ += square(after[i] - ((1 - part_) * here + part_ * left));
  }
}

std::optional<double> ShiftResponse::change() const { return relative(changed_); }

std::optional<double> ShiftResponse::change_beyond_motion() const { return relative(beyond_); }

std::optional<double> ShiftResponse::relative(double squares) const {
  if (squares_ == 0) return std::nullopt;
  return std::sqrt(squares / squares_);
}

}  // namespace weir
