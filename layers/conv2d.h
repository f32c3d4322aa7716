// Convolution as a layer: owns weight and bias, calls conv2d().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/functions/conv2d.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// The window of an average pooling, which a convolution may begin as.
struct AverageWindow {
  Pair kernel_size = 1;
  Pair padding = 0;
};

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
    // The weight begins as this average pooling of the same stride, each channel by itself and
    // padding counted, and the bias as 0, whatever the initialiser: where a convolution replaces a
    // pooling, it goes on from there.
    std::optional<AverageWindow> average = std::nullopt;
  };
  // Throws kUsage for sizes below 1, negative padding, groups that do not divide the channels, or
  // an average that is not inside the window, or not from so many channels to as many.
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
