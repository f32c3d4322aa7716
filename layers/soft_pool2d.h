// Smooth maxima as layers; the operators are in core/functions/soft_pool2d.h.
#pragma once

#include <string>

#include "core/functions/soft_pool2d.h"
#include "layers/sliding_pool2d.h"

namespace weir {

// SmoothPool2d knows the sharpness; its two kinds know the formula.
class SmoothPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    float beta = 1;
  };
  // Throws kUsage for beta <= 0.
  explicit SmoothPool2d(const Options& options);

 protected:
  SoftPool2dOptions on(const Variable& x) const { return {window_on(x), beta_}; }

 private:
  std::string reducer_options() const override;

  float beta_;
};

class LogSumExpPool2d : public SmoothPool2d {
 public:
  using SmoothPool2d::SmoothPool2d;
  std::string_view kind() const override { return "LogSumExpPool2d"; }
  Variable forward(const Variable& x, const StepContext&) override {
    return log_sum_exp_pool2d(x, on(x));
  }
};

class SoftPool2d : public SmoothPool2d {
 public:
  using SmoothPool2d::SmoothPool2d;
  std::string_view kind() const override { return "SoftPool2d"; }
  Variable forward(const Variable& x, const StepContext&) override { return soft_pool2d(x, on(x)); }
};

}  // namespace weir
