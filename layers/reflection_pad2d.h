// Padding by reflection as a layer.
#pragma once

#include <string>

#include "core/functions/reflection_pad2d.h"
#include "layers/layer.h"

namespace weir {

// ReflectionPad2d{{.left = 1, .right = 1, .top = 2, .bottom = 0}}
class ReflectionPad2d : public Layer {
 public:
  // Throws kUsage for negative padding.
  explicit ReflectionPad2d(const ReflectionPad2dOptions& padding);

  std::string_view kind() const override { return "ReflectionPad2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return reflection_pad2d(x, padding_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;

 private:
  ReflectionPad2dOptions padding_;
};

}  // namespace weir
