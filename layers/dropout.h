// Dropout as a layer: acts in training only.
#pragma once

#include <string>

#include "layers/layer.h"

namespace weir {

class Dropout : public Layer {
 public:
  // Zeroes an element with probability p. Throws kUsage outside [0, 1).
  explicit Dropout(float p = 0.5f);

  std::string_view kind() const override { return "Dropout"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  FeatureShape output_shape(const FeatureShape& in) const override { return in; }
  uint32_t number_streams(uint32_t first) override;

 private:
  float p_;
  uint32_t stream_ = 0;
};

}  // namespace weir
