// Anti-aliased downsampling as layers; the operators are in core/functions/blur_pool2d.h.
#pragma once

#include <string>

#include "core/functions/blur_pool2d.h"
#include "layers/layer.h"

namespace weir {

class BlurPool2d : public Layer {
 public:
  // Throws kUsage for a filter_size outside 1 .. 7 or a stride below 1.
  explicit BlurPool2d(const BlurPool2dOptions& options);

  std::string_view kind() const override { return "BlurPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return blur_pool2d(x, options_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override;

 protected:
  BlurPool2dOptions options_;
};

// Maximum at stride 1, then BlurPool2d.
class MaxBlurPool2d : public BlurPool2d {
 public:
  MaxBlurPool2d(int kernel_size, const BlurPool2dOptions& options);

  std::string_view kind() const override { return "MaxBlurPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return max_blur_pool2d(x, kernel_size_, options_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  // That of both together: as far as one output sees.
  Window2d window(const FeatureShape& in) const override;

 private:
  FeatureShape after_max(const FeatureShape& in) const;
  int kernel_size_;
};

}  // namespace weir
