// Compares analytic gradients with central differences.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "core/autograd/variable.h"
#include "tests/support/fill.h"

namespace weir::testing {

// sum(y * weights) as a recorded operation with one number as its value: a non-uniform upstream
// gradient for any function. Padded rows weigh nothing.
inline Variable weighted_sum(const Variable& y, const Tensor& weights) {
  double sum = 0;
  for (int64_t i = 0; i < y.value().stored(); ++i) {
    sum += double{y.value().data()[i]} * double{weights.data()[i]};
  }
  const bool recorded = records({&y});
  Variable out(Tensor::full({1}, static_cast<float>(sum)), recorded);
  if (recorded) {
    Tape::active()->record("weighted_sum", out, [y, weights](const Tensor& grad) {
      Tensor dy = weights.clone();
      for (int64_t i = 0; i < dy.stored(); ++i) dy.data()[i] *= grad.item();
      y.accumulate_grad(std::move(dy));
    });
  }
  return out;
}

// The same weights for every call with the same shape; zero in padded rows.
inline Tensor upstream_for(const Tensor& y) {
  if (y.is_images()) return random_images(y.n(), y.c(), y.h(), y.w(), 99);
  return random_plain(y.shape(), 99);
}

struct GradcheckOptions {
  // Step of the difference. With values near 1 and float arithmetic the quotient's rounding error
  // is about 1e-7 * |terms| / step, its truncation error step^2 / 6 * third derivative.
  float step = 1e-2f;
  double tolerance = 2e-3;  // relative to max(1, |gradient|)
  int samples = 40;         // elements checked of each input, spread evenly
  // True where the function has a kink within a step of the value: such elements are left out.
  std::function<bool(float value, float step)> near_kink = [](float, float) { return false; };
};

using Differentiable = std::function<Variable(const std::vector<Variable>&)>;

inline void gradcheck(const Differentiable& function, std::vector<Variable> inputs,
                      const GradcheckOptions& options = {}) {
  Tensor upstream;
  {
    Tape tape;
    const Variable y = function(inputs);
    upstream = upstream_for(y.value());
    tape.backward(weighted_sum(y, upstream));
  }
  const auto loss = [&] {
    const Variable y = function(inputs);
    double sum = 0;
    for (int64_t i = 0; i < y.value().stored(); ++i) {
      sum += double{y.value().data()[i]} * double{upstream.data()[i]};
    }
    return sum;
  };
  for (size_t which = 0; which < inputs.size(); ++which) {
    Variable& input = inputs[which];
    if (!input.requires_grad()) continue;
    ASSERT_TRUE(input.grad().defined()) << "input " << which << " got no gradient";
    const int64_t count = input.value().stored();
    const int64_t stride = std::max<int64_t>(1, count / options.samples);
    for (int64_t i = 0; i < count; i += stride) {
      float& value = input.value().data()[i];
      const float kept = value;
      if (options.near_kink(kept, options.step)) continue;
      value = kept + options.step;
      const double above = loss();
      value = kept - options.step;
      const double below = loss();
      value = kept;
      const double numeric = (above - below) / (2.0 * double{options.step});
      const double analytic = input.grad().data()[i];
      EXPECT_NEAR(analytic, numeric, options.tolerance * std::max(1.0, std::abs(numeric)))
          << "input " << which << ", element " << i << ", value " << kept;
    }
  }
}

}  // namespace weir::testing
