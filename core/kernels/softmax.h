// Softmax over the channels of (N, K, 1, 1) images, whose memory is row-major (N, K).
#pragma once

#include <span>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// probabilities = softmax(logits), for the N live rows; any layout with N*K elements. Returns the
// logarithms of the sums of exponentials, one per image, through `log_sums` (N elements).
void softmax_rows(const Tensor& logits, Tensor& probabilities, std::span<double> log_sums);

}  // namespace weir::kernels
