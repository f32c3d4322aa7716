#include "train/diagnose/gradient_reach.h"

#include <algorithm>

#include "core/tensor/layout.h"

namespace weir {

void GradientReach::add(const Tensor& gradient) {
  const std::vector<float> values = nchw_from_images(gradient);
  const size_t cells = values.size() / static_cast<size_t>(gradient.n());
  reached_.resize(cells);
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) reached_[i % cells] = 1;
  }
  const auto zeros = std::count(values.begin(), values.end(), 0.f);
  zero_shares_ += static_cast<double>(zeros) / static_cast<double>(values.size());
  ++batches_;
}

double GradientReach::zero_share() const { return zero_shares_ / batches_; }

double GradientReach::never_share() const {
  const auto never = std::count(reached_.begin(), reached_.end(), 0);
  return static_cast<double>(never) / static_cast<double>(reached_.size());
}

}  // namespace weir
