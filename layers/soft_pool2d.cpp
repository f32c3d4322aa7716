#include "layers/soft_pool2d.h"

#include <cmath>

#include "core/base/error.h"

namespace weir {

SmoothPool2d::SmoothPool2d(const Options& options)
    : SlidingPool2d(options.slide), beta_(options.beta) {
  require(beta_ > 0 && std::isfinite(beta_), "beta must be a number above 0, got {}", beta_);
}

std::string SmoothPool2d::reducer_options() const { return fmt::format(", beta={}", beta_); }

}  // namespace weir
