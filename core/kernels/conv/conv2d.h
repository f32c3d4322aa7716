// Convolution kernels: named objects in one ordered list. The first that accepts a shape runs.
#pragma once

#include <span>
#include <string_view>

#include "core/kernels/conv/conv_shape.h"
#include "core/kernels/epilogue.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// x, dx: images (N, C, H, W). y, dy: images (N, K, OH, OW). weight, dweight: (K, C/groups, KH, KW),
// plain, F32. Forward writes y after the epilogue, and tells whom that names of each panel once.
// Every output is written in full; nothing is read from it before.
// With images of F32 all are F32. With x and dx of BF16, y and dy may be either; the weights are
// rounded to BF16 too, products are added up in float (exact ones, but for Winograd's), and y and
// dx are rounded once.
struct Conv2dKernel {
  std::string_view name;
  bool (*accepts)(const ConvShape& shape, DType x);
  void (*forward)(const ConvShape& shape, const Tensor& x, const Tensor& weight,
                  const Epilogue& epilogue, Tensor& y);
  void (*backward_data)(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx);
  void (*backward_weights)(const ConvShape& shape, const Tensor& x, const Tensor& dy,
                           Tensor& dweight);
};

extern const Conv2dKernel kConvDepthwise;  // groups = C = K: lane-wise multiply-add
extern const Conv2dKernel kConvWinograd;   // 3x3 at stride 1: fewer multiplications
extern const Conv2dKernel kConvPanels;     // sums over taps in registers, for every shape
extern const Conv2dKernel kConvDense;      // the kernel is the whole map: a linear layer
extern const Conv2dKernel kConvLanes;      // few channels at stride 1: images are lanes
extern const Conv2dKernel kConvTaps;       // one GEMM for each tap and row of panels
extern const Conv2dKernel kConvReference;  // the obvious loops; oracle and fallback
// BF16: sums over taps on the matrix instructions of an instruction set (bf16_gemm.h).
extern const Conv2dKernel kConvAmx, kConvAvx512Bf16, kConvBf16;
extern const Conv2dKernel kConvWidened;  // BF16, for every shape: cast and run a kernel for F32

// Fastest first, the reference last. choose_conv2d() takes the first that accepts the shape, but
// for processors that OpenBLAS knows better.
std::span<const Conv2dKernel* const> conv2d_kernels();
const Conv2dKernel& choose_conv2d(const ConvShape& shape, DType x);

}  // namespace weir::kernels
