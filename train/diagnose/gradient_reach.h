// Which cells of a map get a gradient.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

class GradientReach {
 public:
  // The gradient of a batch (N, C, H, W), every batch with the same C, H, W.
  void add(const Tensor& gradient);

  // The share of the batch's cells, over images, channels and positions, whose gradient is zero:
  // the mean over the batches.
  double zero_share() const;
  // The share of (channel, position) that got none from any image of any batch.
  double never_share() const;

 private:
  double zero_shares_ = 0;
  int batches_ = 0;
  std::vector<char> reached_;  // row-major (C, H, W)
};

}  // namespace weir
