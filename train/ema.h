// An average of the weights over the steps of training, which often tests better than the weights
// themselves: average = d * average + (1 - d) * weights, with d = min(decay, (1 + t) / (10 + t))
// after step t = 0, 1, .., so that the first steps are forgotten soon.
// Polyak, Juditsky, SIAM J. Control Optim. 30 (1992); the rising d is TensorFlow's
// ExponentialMovingAverage. Running statistics of batch norm are averages already and stay the
// network's own.
#pragma once

#include <cstdint>
#include <vector>

#include "core/io/safetensors.h"
#include "layers/layer.h"

namespace weir {

class Ema {
 public:
  // Starts from the present weights. Throws kUsage unless 0 < decay < 1.
  Ema(std::vector<NamedParameter> parameters, double decay);
  // Leaves the averages of frozen parameters as they are, to the bit.
  void update(int64_t step);
  // Exchanges average and weights; call it again to go back.
  void swap();
  // The averages, shared: "<parameter>".
  std::vector<NamedTensor>& state() { return averages_; }

 private:
  std::vector<NamedParameter> parameters_;
  std::vector<NamedTensor> averages_;
  double decay_;
};

// While alive, the network holds the averaged weights. Does nothing for a null average.
class AveragedWeights {
 public:
  explicit AveragedWeights(Ema* ema) : ema_(ema) {
    if (ema_ != nullptr) ema_->swap();
  }
  ~AveragedWeights() {
    if (ema_ != nullptr) ema_->swap();
  }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  Ema* ema_;
};

}  // namespace weir
