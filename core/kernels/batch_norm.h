// Batch normalisation of images (N, C, H, W) over (N, H, W), per channel, once the statistics are
// known (panel_moments.h). All sums are over live rows; padded rows of outputs are finite, and
// those of dx zero. The images of a call are all F32 or all BF16; coefficients are float.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// y = (x - mean) * scale + shift, each C numbers, and with `relu` max(y, 0) of that.
struct ChannelAffine {
  std::vector<float> mean, scale, shift;
  bool relu = false;
};
void channel_affine(const Tensor& x, const ChannelAffine& affine, Tensor& y);

// Two sums for each channel. In double: they may run over millions of values.
struct ChannelSums {
  std::vector<double> first, second;
};

// Backward of the same, from x: y's sign, and with it the gradient g in front of the ReLU, is
// computed again. g is dy without `relu`.
// Per channel: sum of g in `first`, sum of g * (x - mean) in `second`.
ChannelSums channel_gradient_sums(const Tensor& dy, const Tensor& x, const ChannelAffine& affine);

// dx = a * g + b * (x - mean) + c, and zero in padded rows. dx may be dy.
struct GradientFactors {
  std::vector<float> a, b, c;
};
void channel_gradient(const Tensor& dy, const Tensor& x, const ChannelAffine& affine,
                      const GradientFactors& factors, Tensor& dx);

}  // namespace weir::kernels
