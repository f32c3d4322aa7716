// Fully connected layer: owns weight and bias, calls linear().
#pragma once

#include <string>
#include <vector>

#include "core/functions/conv2d.h"
#include "layers/layer.h"

namespace weir {

// Linear{4096, 10}. Takes flat features (after Flatten), or a map of one pixel.
// weight (out_features, in_features) and bias (out_features) are zero until initialize()
// (layers/init.h) or load_state() fills them.
class Linear : public Layer {
 public:
  struct Options {
    bool bias = true;
  };
  Linear(int in_features, int out_features) : Linear(in_features, out_features, Options{}) {}
  // Throws kUsage for sizes below 1.
  Linear(int in_features, int out_features, const Options& options);

  std::string_view kind() const override { return "Linear"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  // forward() and what follows, in one call.
  Variable forward_with(const Variable& x, const LinearOptions& then) const;
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::vector<NamedParameter> parameters() override;
  int64_t macs(const FeatureShape&) const override { return int64_t{in_features_} * out_features_; }
  // Every output sees the whole map.
  Window2d window(const FeatureShape& in) const override { return Window2d::global(in.h, in.w); }

 private:
  int in_features_, out_features_;
  Variable weight_, bias_;
};

}  // namespace weir
