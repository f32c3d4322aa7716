#include "layers/pixel_shuffle.h"

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {

PixelUnshuffle::PixelUnshuffle(int downscale_factor) : factor_(downscale_factor) {
  require(factor_ >= 1, "downscale_factor must be at least 1, got {}", factor_);
}

std::string PixelUnshuffle::options() const { return fmt::format("downscale_factor={}", factor_); }

FeatureShape PixelUnshuffle::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(in.h % factor_ == 0 && in.w % factor_ == 0,
          "downscale_factor {} must divide height and width, got {}", factor_, in.str());
  return slide(window(in), in.c * factor_ * factor_);
}

Window2d PixelUnshuffle::window(const FeatureShape& in) const {
  return {{.in = in.h, .kernel = factor_, .stride = factor_},
          {.in = in.w, .kernel = factor_, .stride = factor_}};
}

PixelShuffle::PixelShuffle(int upscale_factor) : factor_(upscale_factor) {
  require(factor_ >= 1, "upscale_factor must be at least 1, got {}", factor_);
}

std::string PixelShuffle::options() const { return fmt::format("upscale_factor={}", factor_); }

FeatureShape PixelShuffle::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(factor_ <= in.c && in.c % (factor_ * factor_) == 0,
          "the square of upscale_factor {} must divide the channels, got {}", factor_, in.str());
  return allowed({.c = in.c / (factor_ * factor_), .h = in.h * factor_, .w = in.w * factor_});
}

}  // namespace weir
