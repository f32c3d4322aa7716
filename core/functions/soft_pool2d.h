// Smooth maxima: between the average (beta -> 0) and the maximum (beta -> infinity). x is images of
// F32 or BF16. A window of -inf gives -inf and sends no gradient back; NaN propagates.
#pragma once

#include "core/autograd/variable.h"
#include "core/functions/pool_window.h"

namespace weir {

struct SoftPool2dOptions {
  PoolWindow window;
  float beta = 1;  // above 0
};

// y = log(mean e^(beta x)) / beta (Pinheiro, Collobert, CVPR 2015, arXiv:1411.6228).
Variable log_sum_exp_pool2d(const Variable& x, const SoftPool2dOptions& options);
// y = sum w x, w = softmax(beta x) (Stergiou, Poppe, Kalliatakis, ICCV 2021, arXiv:2101.00440).
Variable soft_pool2d(const Variable& x, const SoftPool2dOptions& options);

}  // namespace weir
