// Fractional max pooling as a layer, which draws its windows.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/functions/fractional_max_pool2d.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// FractionalMaxPool2d{{.kernel_size = 2, .output_ratio = {{0.7, 0.7}}}}
// Every forward pass draws new windows, in evaluation too, as PyTorch's does. They follow from seed
// and step of the context; evaluation's never change, so its windows are always the same.
class FractionalMaxPool2d : public Layer {
 public:
  struct Options {
    std::optional<Pair> kernel_size = std::nullopt;  // 2; only for FractionalRegions::kFixed
    std::optional<Pair> output_size = std::nullopt;  // one of these two
    std::optional<std::array<double, 2>> output_ratio = std::nullopt;
    FractionalRegions regions = FractionalRegions::kFixed;
    FractionalSequence sequence = FractionalSequence::kPseudorandom;
    bool shared = false;
  };
  // Throws kUsage for options that contradict each other.
  explicit FractionalMaxPool2d(const Options& options);

  std::string_view kind() const override { return "FractionalMaxPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  FeatureShape output_shape(const FeatureShape& in) const override;
  // The largest window, and the mean distance of windows, rounded down.
  Window2d window(const FeatureShape& in) const override;
  uint32_t number_streams(uint32_t first) override;

 private:
  FractionalMaxPool2dOptions pool_;
};

// "fixed", "disjoint", "overlapping"; "pseudorandom", "random".
std::string_view name_of(FractionalRegions regions);
std::string_view name_of(FractionalSequence sequence);

}  // namespace weir
