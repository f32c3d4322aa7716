// Mixtures of max and average pooling as layers; the operators are in
// core/functions/mixed_pool2d.h.
#pragma once

#include <string>
#include <vector>

#include "core/functions/mixed_pool2d.h"
#include "layers/sliding_pool2d.h"

namespace weir {

// A learnable share of the maximum, for the layer or for each channel. It starts at one half.
class MixedPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    MixedPer per = MixedPer::kLayer;
  };
  // Throws kUsage for kRegion: regions move with the size of the map.
  MixedPool2d(int channels, const Options& options);

  std::string_view kind() const override { return "MixedPool2d"; }
  Variable forward(const Variable& x, const StepContext&) override {
    return mixed_pool2d(x, share_, window_on(x));
  }
  std::vector<NamedParameter> parameters() override;

 private:
  std::string reducer_options() const override;

  MixedPer per_;
  Variable share_;  // (1) or (C)
};

// Maximum or average by a coin in training. In evaluation their mean, which is what the coin gives
// on average; Yu et al. take the one that fell more often, which a fair coin leaves to chance.
class RandomMixedPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    MixedPer per = MixedPer::kLayer;
  };
  explicit RandomMixedPool2d(const Options& options)
      : SlidingPool2d(options.slide), per_(options.per) {}

  std::string_view kind() const override { return "RandomMixedPool2d"; }
  Variable forward(const Variable& x, const StepContext& context) override;
  uint32_t number_streams(uint32_t first) override;

 private:
  std::string reducer_options() const override;

  MixedPer per_;
  uint32_t stream_ = 0;
};

// The share of the maximum is the sigmoid of a filter over the window. The filter starts at zero: a
// half for each.
class GatedPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    MixedPer per = MixedPer::kLayer;  // or kChannel
  };
  // Throws kUsage for kRegion, for a kernel_size of 0, and for ceil_mode.
  GatedPool2d(int channels, const Options& options);

  std::string_view kind() const override { return "GatedPool2d"; }
  Variable forward(const Variable& x, const StepContext&) override {
    return gated_pool2d(x, weight_, window_on(x));
  }
  std::vector<NamedParameter> parameters() override;
  int64_t macs(const FeatureShape& in) const override;

 private:
  std::string reducer_options() const override;

  MixedPer per_;
  Variable weight_;  // (1 or C, KH, KW)
};

}  // namespace weir
