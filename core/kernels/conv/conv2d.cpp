#include "core/kernels/conv/conv2d.h"

#include <array>

#include "core/base/error.h"
#include "core/runtime/cpu.h"

namespace weir::kernels {

std::span<const Conv2dKernel* const> conv2d_kernels() {
  static constexpr std::array kernels{&kConvDepthwise, &kConvDense,  &kConvLanes,      &kConvAmx,
                                      &kConvWinograd,  &kConvPanels, &kConvAvx512Bf16, &kConvBf16,
                                      &kConvWidened,   &kConvTaps,   &kConvReference};
  return kernels;
}

const Conv2dKernel& choose_conv2d(const ConvShape& shape, DType x) {
  // Without AVX2's multiply-adds our products reach a quarter of the speed of OpenBLAS's assembly.
  const bool blas_is_faster = !isa_includes("avx2") && shape.groups == 1;
  if (x == DType::kF32 && blas_is_faster) return kConvTaps;
  // A few channels on both sides fill no row of pairs, but the lanes of float kernels.
  constexpr int kFewOutputs = 24;
  const bool narrow = shape.k <= kFewOutputs && kConvLanes.accepts(shape, DType::kF32);
  if (x == DType::kBF16 && narrow) return kConvWidened;
  for (const Conv2dKernel* kernel : conv2d_kernels()) {
    if (kernel->accepts(shape, x)) return *kernel;
  }
  fail(ErrorKind::kInternal, "no convolution kernel for images of {}", name_of(x));
}

}  // namespace weir::kernels
