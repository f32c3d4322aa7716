#include "core/kernels/conv2d.h"

#include <array>

#include "core/base/error.h"

namespace weir::kernels {

std::span<const Conv2dKernel* const> conv2d_kernels() {
  static constexpr std::array kernels{&kConvDepthwise, &kConvDense,  &kConvLanes,      &kConvAmx,
                                      &kConvWinograd,  &kConvPanels, &kConvAvx512Bf16, &kConvBf16,
                                      &kConvWidened,   &kConvTaps,   &kConvReference};
  return kernels;
}

const Conv2dKernel& choose_conv2d(const ConvShape& shape, DType x) {
  for (const Conv2dKernel* kernel : conv2d_kernels()) {
    if (kernel->accepts(shape, x)) return *kernel;
  }
  fail(ErrorKind::kInternal, "no convolution kernel for images of {}", name_of(x));
}

}  // namespace weir::kernels
