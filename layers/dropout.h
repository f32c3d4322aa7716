// Dropout as a layer: acts in training only.
#pragma once

#include <optional>
#include <string>

#include "core/functions/dropout.h"
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

  // What the dropout of this step is; none when nothing is dropped.
  std::optional<DropoutOptions> at(const StepContext& context) const;

 private:
  float p_;
  uint32_t stream_ = 0;
};

}  // namespace weir
