// Stochastic pooling as a layer: draws in training, and takes the mean in evaluation.
#pragma once

#include <string>

#include "core/functions/stochastic_pool2d.h"
#include "layers/sliding_pool2d.h"

namespace weir {

class StochasticPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    StochasticOdds odds = StochasticOdds::kRelu;
  };
  explicit StochasticPool2d(const Options& options)
      : SlidingPool2d(options.slide), odds_(options.odds) {}

  std::string_view kind() const override { return "StochasticPool2d"; }
  Variable forward(const Variable& x, const StepContext& context) override;
  uint32_t number_streams(uint32_t first) override;

 private:
  std::string reducer_options() const override;

  StochasticOdds odds_;
  uint32_t stream_ = 0;
};

}  // namespace weir
