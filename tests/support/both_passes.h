// One function forward and backward, with an upstream gradient of the test's choice.
#pragma once

#include <functional>

#include "core/autograd/variable.h"
#include "tests/core/kernels/conditions.h"

namespace weir::testing {

struct BothPasses {
  Tensor y, dx;
};

// Results land in recycled memory full of NaN, so that what a kernel does not write is seen.
inline BothPasses both_passes(const std::function<Variable(const Variable&)>& function,
                              const Tensor& x, const Tensor& dy) {
  const Variable in(x, true);
  Tape tape;
  poison_next(dy, 3);
  const Variable y = function(in);
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(dy); });
  poison_next(x, 3);
  tape.backward(root);
  return {y.value(), in.grad()};
}

}  // namespace weir::testing
