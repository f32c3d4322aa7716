// Spatial pyramid pooling as a layer.
#pragma once

#include <string>
#include <vector>

#include "core/functions/spatial_pyramid_pool2d.h"
#include "layers/layer.h"

namespace weir {

// SpatialPyramidPool2d{{1, 2, 4}}: flat features, 21 for each channel. PyTorch has no such module.
class SpatialPyramidPool2d : public Layer {
 public:
  // Throws kUsage without levels, or for one outside 1 .. kMostCells.
  explicit SpatialPyramidPool2d(std::vector<int> levels);
  // More cells along an axis than any map here has pixels.
  static constexpr int kMostCells = 1024;

  std::string_view kind() const override { return "SpatialPyramidPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return spatial_pyramid_pool2d(x, levels_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  // The whole map, as far as the features together see.
  Window2d window(const FeatureShape& in) const override { return Window2d::global(in.h, in.w); }

 private:
  std::vector<int> levels_;
};

}  // namespace weir
