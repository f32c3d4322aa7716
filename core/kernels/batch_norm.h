// Batch normalisation of images (N, C, H, W) over (N, H, W), per channel. All statistics are over
// live rows; padded rows of outputs are finite, and those of dx zero.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Two sums for each channel. In double: they may run over millions of values.
struct ChannelSums {
  std::vector<double> first, second;
};

// Mean and biased variance of each channel, in `first` and `second`.
ChannelSums channel_moments(const Tensor& x);

// y = (x - mean) * scale + shift; the vectors have C elements.
void channel_affine(const Tensor& x, const std::vector<float>& mean,
                    const std::vector<float>& scale, const std::vector<float>& shift, Tensor& y);

// Per channel: sum of dy in `first`, sum of dy * (x - mean) in `second`.
ChannelSums channel_gradient_sums(const Tensor& dy, const Tensor& x,
                                  const std::vector<float>& mean);

// dx = a * dy + b * (x - mean) + c, and zero in padded rows.
void channel_gradient(const Tensor& dy, const Tensor& x, const std::vector<float>& mean,
                      const std::vector<float>& a, const std::vector<float>& b,
                      const std::vector<float>& c, Tensor& dx);

}  // namespace weir::kernels
