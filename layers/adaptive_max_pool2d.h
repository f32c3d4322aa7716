// Maxima of a fixed number of cells, whatever the size of the map.
#pragma once

#include <string>

#include "core/functions/max_pool2d_indices.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// AdaptiveMaxPool2d{1} is global max pooling.
class AdaptiveMaxPool2d : public Layer {
 public:
  explicit AdaptiveMaxPool2d(Pair output_size);

  std::string_view kind() const override { return "AdaptiveMaxPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return adaptive_max_pool2d(x, output_size_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  // The largest cell, as AdaptiveAvgPool2d.
  Window2d window(const FeatureShape& in) const override;

 private:
  Pair output_size_;
};

}  // namespace weir
