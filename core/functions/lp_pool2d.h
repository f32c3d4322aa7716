// Pooling by the p-norm of the window, in its three usual forms, and GeM. x is images of F32 or
// BF16.
#pragma once

#include <optional>

#include "core/autograd/variable.h"
#include "core/functions/pool_window.h"

namespace weir {

enum class LpForm {
  kSum,       // (sum x^p)^(1/p): PyTorch's LPPool2d. A window that overhangs under ceil_mode counts
              // as a whole one: its sum times kernel cells / cells in the image or its padding.
  kMean,      // (mean |x|^p)^(1/p) over the cells inside the image: p = 1 is the average of |x|
  kGaussian,  // (sum G |x|^p)^(1/p), G a Gaussian of sum 1 over the kernel (Sermanet, Chintala,
              // LeCun, ICPR 2012, arXiv:1204.3968); cells outside the image give nothing
};

struct LpPool2dOptions {
  PoolWindow window;
  LpForm form = LpForm::kSum;
  float p = 2;           // above 0
  bool absolute = true;  // |x|^p; else x^p, as PyTorch: negative for odd p, NaN unless p is whole
  std::optional<float> sigma =
      std::nullopt;  // kGaussian: in cells; default a quarter of the kernel's side
  std::optional<float> floor = std::nullopt;  // lower inputs count as this, and get no gradient
};

// Throws kUsage unless p and sigma are above 0 and the window fits.
Variable lp_pool2d(const Variable& x, const LpPool2dOptions& options);
// With a learnable p, one number of shape (1), which replaces the one of the options. Powers of |x|
// or of floored numbers only: the derivative in p has the logarithm of the input.
Variable lp_pool2d(const Variable& x, const Variable& p, const LpPool2dOptions& options);

}  // namespace weir
