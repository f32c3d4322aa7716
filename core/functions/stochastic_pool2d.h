// Stochastic pooling (Zeiler, Fergus, ICLR 2013, arXiv:1301.3557): in training each output is one
// input of its window, drawn at random; for evaluation it is what the draw gives on average.
// x is images of F32 or BF16.
#pragma once

#include "core/autograd/variable.h"
#include "core/functions/pool_window.h"
#include "core/kernels/uniform.h"

namespace weir {

enum class StochasticOdds {
  kRelu,     // max(x, 0), the paper's for inputs behind a ReLU: negative ones are never drawn. A
             // window without positive inputs gives 0 and sends no gradient back.
  kSoftmax,  // e^x: for inputs of any sign
};

struct StochasticPool2dOptions {
  PoolWindow window;
  StochasticOdds odds = StochasticOdds::kRelu;
};

// {.seed, .step, .layer}: the address of the random numbers.
using RandomStream = kernels::UniformStream;

// Training. The drawn input takes the whole gradient.
Variable stochastic_pool2d(const Variable& x, const StochasticPool2dOptions& options,
                           const RandomStream& stream);
// The same with given numbers from 0 to below 1: `uniform` is F32 images of the output's shape. The
// first cell, in row-major order, is drawn whose odds, added to those before it, exceed the number
// times all of the window's.
Variable stochastic_pool2d(const Variable& x, const StochasticPool2dOptions& options,
                           const Tensor& uniform);

// Evaluation: sum a^2 / sum a with a = max(x, 0), or SoftPool. Has a gradient, too.
Variable stochastic_mean_pool2d(const Variable& x, const StochasticPool2dOptions& options);

}  // namespace weir
