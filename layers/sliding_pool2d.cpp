#include "layers/sliding_pool2d.h"

#include "layers/window_shape.h"

namespace weir {

SlidingPool2d::SlidingPool2d(const PoolSlide& slide) : slide_(slide) {
  const bool whole = slide.kernel_size == Pair(0);
  require_window(whole ? 1 : slide.kernel_size, whole ? 1 : slide.stride, slide.padding,
                 slide.dilation);
}

std::string SlidingPool2d::options() const {
  if (slide_.kernel_size == Pair(0)) return "global" + reducer_options();
  return fmt::format("kernel_size={}, stride={}, padding={}, dilation={}, ceil_mode={}{}",
                     slide_.kernel_size.str(), slide_.stride.str(), slide_.padding.str(),
                     slide_.dilation.str(), slide_.ceil_mode ? "True" : "False", reducer_options());
}

FeatureShape SlidingPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  return slide(window(in), in.c);
}

Window2d SlidingPool2d::window(const FeatureShape& in) const {
  return window_of(kind(), window_on(in.h, in.w), in.h, in.w);
}

PoolWindow SlidingPool2d::window_on(const Variable& x) const {
  return window_on(x.value().h(), x.value().w());
}

PoolWindow SlidingPool2d::window_on(int h, int w) const {
  if (slide_.kernel_size == Pair(0)) return {.kernel_size = {h, w}};
  return {.kernel_size = slide_.kernel_size,
          .stride = slide_.stride,
          .padding = slide_.padding,
          .dilation = slide_.dilation,
          .ceil_mode = slide_.ceil_mode};
}

}  // namespace weir
