// Convolution as a layer: owns weight and bias, calls conv2d().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/functions/conv2d.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// Conv2d{3, 96, {.kernel_size = 3, .padding = 1}}
// weight (out_channels, in_channels/groups, KH, KW) and bias (out_channels) are zero until
// initialize() (layers/init.h) or load_state() fills them.
class Conv2d : public Layer {
 public:
  struct Options {
    Pair kernel_size = 1;
    Pair stride = 1;
    Pair padding = 0;
    Pair dilation = 1;
    int groups = 1;
    bool bias = true;
  };
  // Throws kUsage for sizes below 1, negative padding, or groups that do not divide the channels.
  Conv2d(int in_channels, int out_channels, const Options& options);

  std::string_view kind() const override { return "Conv2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  // forward() and what follows, in one call; dropout or pooling, not both.
  Variable forward_with(const Variable& x, const LinearOptions& then,
                        const std::optional<Pool2dOptions>& pool = std::nullopt) const;
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::vector<NamedParameter> parameters() override;
  int64_t macs(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override;

 private:
  int in_channels_, out_channels_;
  Options options_;
  Variable weight_, bias_;
};

}  // namespace weir
