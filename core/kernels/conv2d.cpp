#include "core/kernels/conv2d.h"

#include <array>

namespace weir::kernels {

std::span<const Conv2dKernel* const> conv2d_kernels() {
  static constexpr std::array kernels{&kConvDepthwise, &kConvLanes, &kConvWinograd,
                                      &kConvPanels,    &kConvTaps,  &kConvReference};
  return kernels;
}

const Conv2dKernel& choose_conv2d(const ConvShape& shape) {
  for (const Conv2dKernel* kernel : conv2d_kernels()) {
    if (kernel->accepts(shape)) return *kernel;
  }
  return kConvReference;
}

}  // namespace weir::kernels
