#include "layers/stochastic_pool2d.h"

namespace weir {

Variable StochasticPool2d::forward(const Variable& x, const StepContext& context) {
  const StochasticPool2dOptions options{.window = window_on(x), .odds = odds_};
  if (!context.training) return stochastic_mean_pool2d(x, options);
  return stochastic_pool2d(
      x, options, RandomStream{.seed = context.seed, .step = context.step, .layer = stream_});
}

uint32_t StochasticPool2d::number_streams(uint32_t first) {
  stream_ = first;
  return first + 1;
}

std::string StochasticPool2d::reducer_options() const {
  return odds_ == StochasticOdds::kRelu ? ", probability=relu" : ", probability=softmax";
}

}  // namespace weir
