// Marks the end of the map: PyTorch's (N, C, H, W) -> (N, C*H*W).
#pragma once

#include <string>

#include "layers/layer.h"

namespace weir {

// Moves nothing: the values stay in panels, and the Linear behind it reads them in PyTorch's order.
class Flatten : public Layer {
 public:
  std::string_view kind() const override { return "Flatten"; }
  std::string options() const override { return "start_dim=1, end_dim=-1"; }
  Variable forward(const Variable& x, const StepContext&) override { return x; }
  FeatureShape output_shape(const FeatureShape& in) const override {
    FeatureShape out = in;
    out.flat = true;
    return out;
  }
};

}  // namespace weir
