// Layer-sequential unit variance. Mishkin, Matas, "All you need is a good init", ICLR 2016.
#pragma once

#include "layers/sequential.h"

namespace weir {

struct LsuvOptions {
  double tolerance = 0.1;  // of the variance; the paper's value
  int max_tries = 10;
};

// Scales the weight of each convolution and linear layer, first to last, until the layer's output
// on `batch` (images) has variance 1. Expects orthogonal weights and zero biases. Runs in
// evaluation mode: no dropout, and batch norm keeps its running statistics.
// Throws kTraining when an output has no variance or is not finite.
void scale_to_unit_variance(Sequential& net, const Tensor& batch, const LsuvOptions& options = {});

// Variance over all elements of images, the padded rows left out.
double variance_of(const Tensor& images);

}  // namespace weir
