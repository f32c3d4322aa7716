// Transposed convolution as a layer: owns weight and bias, calls conv_transpose2d().
#pragma once

#include <string>
#include <vector>

#include "core/functions/conv_transpose2d.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// ConvTranspose2d{64, 32, {.kernel_size = 2, .stride = 2}} doubles height and width.
// weight (in_channels, out_channels, KH, KW) and bias (out_channels) are zero until initialize()
// or load_state() fills them.
class ConvTranspose2d : public Layer {
 public:
  struct Options {
    Pair kernel_size = 1;
    Pair stride = 1;
    Pair padding = 0;
    Pair output_padding = 0;  // below the stride
    Pair dilation = 1;
    bool bias = true;
  };
  // Throws kUsage for sizes below 1, negative padding, or output_padding of a stride or more.
  ConvTranspose2d(int in_channels, int out_channels, const Options& options);

  std::string_view kind() const override { return "ConvTranspose2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::vector<NamedParameter> parameters() override;
  int64_t macs(const FeatureShape& in) const override;
  // The most inputs that one output sees: ceil(extent / stride), at stride 1.
  Window2d window(const FeatureShape& in) const override;
  std::array<int, 2> enlarges() const override { return options_.stride; }

 private:
  int in_channels_, out_channels_;
  Options options_;
  ConvTranspose2dOptions conv_;
  Variable weight_, bias_;
};

}  // namespace weir
