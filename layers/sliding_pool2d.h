// What pooling layers with a sliding window share: everything but the reducer.
#pragma once

#include <string>

#include "core/functions/pool_window.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

struct PoolSlide {
  Pair kernel_size = 2;  // 0: the whole map, one output for each channel
  Pair stride = kernel_size;
  Pair padding = 0;  // at most half the extent of the kernel
  Pair dilation = 1;
  bool ceil_mode = false;
};

class SlidingPool2d : public Layer {
 public:
  // Throws kUsage for numbers that make no window on any map.
  explicit SlidingPool2d(const PoolSlide& slide);

  // "kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False", then those of the reducer.
  std::string options() const override;
  FeatureShape output_shape(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override;

 protected:
  // For a map like x.
  PoolWindow window_on(const Variable& x) const;
  Pair kernel_size() const { return slide_.kernel_size; }

 private:
  // ", beta=1", or nothing.
  virtual std::string reducer_options() const { return ""; }
  PoolWindow window_on(int h, int w) const;

  PoolSlide slide_;
};

}  // namespace weir
