// Average pooling with a learnable coefficient and bias for each map: the subsampling of LeNet-5.
// LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE, 1998.
#pragma once

#include <vector>

#include "layers/sliding_pool2d.h"

namespace weir {

// y = weight[c] * average + bias[c]; the paper's coefficient of the sum is weight / cells. weight
// (C) starts at 1, bias (C) at 0: as average pooling. The average counts the cells inside the
// image.
class ScaledAvgPool2d : public SlidingPool2d {
 public:
  // Throws kUsage for channels < 1.
  ScaledAvgPool2d(int channels, const PoolSlide& slide);

  std::string_view kind() const override { return "ScaledAvgPool2d"; }
  Variable forward(const Variable& x, const StepContext& context) override;
  std::vector<NamedParameter> parameters() override;

 private:
  Variable weight_, bias_;
};

}  // namespace weir
