#include "layers/scaled_avg_pool2d.h"

#include "core/base/error.h"
#include "core/functions/blend.h"
#include "core/functions/pool2d.h"
#include "layers/parameter.h"

namespace weir {

ScaledAvgPool2d::ScaledAvgPool2d(int channels, const PoolSlide& slide) : SlidingPool2d(slide) {
  require(channels >= 1, "ScaledAvgPool2d needs at least one channel, got {}", channels);
  weight_ = Variable(Tensor::full({channels}, 1.f), true);
  bias_ = Variable(Tensor::zeros({channels}), true);
}

Variable ScaledAvgPool2d::forward(const Variable& x, const StepContext&) {
  return scale_shift(mean_pool2d(kind(), x, window_on(x)), weight_, bias_);
}

std::vector<NamedParameter> ScaledAvgPool2d::parameters() {
  return {{.name = "weight", .variable = weight_, .decay = false, .start = all(1.f)},
          {.name = "bias", .variable = bias_, .decay = false, .start = all(0.f)}};
}

}  // namespace weir
