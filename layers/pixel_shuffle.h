// Space to depth, and depth to space, as layers.
#pragma once

#include <string>

#include "core/functions/pixel_shuffle.h"
#include "layers/layer.h"

namespace weir {

class PixelUnshuffle : public Layer {
 public:
  // Throws kUsage for a factor below 1.
  explicit PixelUnshuffle(int downscale_factor);

  std::string_view kind() const override { return "PixelUnshuffle"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return pixel_unshuffle(x, factor_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override;

 private:
  int factor_;
};

class PixelShuffle : public Layer {
 public:
  explicit PixelShuffle(int upscale_factor);

  std::string_view kind() const override { return "PixelShuffle"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return pixel_shuffle(x, factor_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::array<int, 2> enlarges() const override { return {factor_, factor_}; }

 private:
  int factor_;
};

}  // namespace weir
