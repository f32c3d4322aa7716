// Direct convolution of BF16 images as sums of bf16 products, on any of the kernels of bf16_gemm.h.
//   forward           y panel (B x K)  = sum over taps of x panel (B x C) * W[tap] (C x K)
//   backward data     dx panel (B x C) = sum over taps of dy panel (B x K) * W[tap]^T (K x C)
//   backward weights  dW[tap] (C x K)  = sum over pixels of x panel^T * dy panel
// The sums are floats in scratch that stays in cache; results are rounded once.
#pragma once

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/gemm/bf16_gemm.h"

namespace weir::kernels {

void conv_bf16_forward(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& x,
                       const Tensor& weight, const Epilogue& epilogue, Tensor& y);
void conv_bf16_backward_data(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& dy,
                             const Tensor& weight, Tensor& dx);
void conv_bf16_backward_weights(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& x,
                                const Tensor& dy, Tensor& dweight);

// Below this many input channels all taps of an output are gathered into one product.
constexpr int kFewBf16Channels = 16;

// The three of them on one kernel, as an entry of the list of convolutions.
template <const Bf16GemmKernel& kGemm>
constexpr Conv2dKernel conv_bf16_on(std::string_view name) {
  return {
      .name = name,
      .accepts =
          [](const ConvShape& shape, DType x) {
            return x == DType::kBF16 && shape.groups == 1 && !shape.depthwise() &&
                   kGemm.available();
          },
      .forward = [](const ConvShape& shape, const Tensor& x, const Tensor& weight,
                    const Epilogue& epilogue,
                    Tensor& y) { conv_bf16_forward(kGemm, shape, x, weight, epilogue, y); },
      .backward_data = [](const ConvShape& shape, const Tensor& dy, const Tensor& weight,
                          Tensor& dx) { conv_bf16_backward_data(kGemm, shape, dy, weight, dx); },
      .backward_weights =
          [](const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
            conv_bf16_backward_weights(kGemm, shape, x, dy, dweight);
          }};
}

}  // namespace weir::kernels
