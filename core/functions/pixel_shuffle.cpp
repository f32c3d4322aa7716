#include "core/functions/pixel_shuffle.h"

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/kernels/pixel_shuffle.h"

namespace weir {

Variable pixel_unshuffle(const Variable& x, int downscale_factor) {
  require_images("pixel_unshuffle", x);
  const int factor = downscale_factor;
  const Tensor& in = x.value();
  require(factor > 0 && in.h() % factor == 0 && in.w() % factor == 0,
          "[pixel_unshuffle] downscale_factor: expected a divisor of height {} and width {}, got "
          "{}",
          in.h(), in.w(), factor);
  const bool recording = records({&x});
  Variable y(Tensor::images(in.n(), in.c() * factor * factor, in.h() / factor, in.w() / factor,
                            in.dtype()),
             recording);
  kernels::pixel_unshuffle(factor, in, y.value());
  if (recording) {
    Tape::active()->record(
        "pixel_unshuffle", y, [factor, input = x.without_value()](const Tensor& dy) {
          Tensor dx = Tensor::images(dy.n(), dy.c() / (factor * factor), dy.h() * factor,
                                     dy.w() * factor, dy.dtype());
          kernels::pixel_shuffle(factor, dy, dx);
          input.accumulate_grad(dx);
        });
  }
  return y;
}

Variable pixel_shuffle(const Variable& x, int upscale_factor) {
  require_images("pixel_shuffle", x);
  const int factor = upscale_factor;
  const Tensor& in = x.value();
  require(factor > 0 && factor <= in.c() / factor && in.c() % (factor * factor) == 0,
          "[pixel_shuffle] upscale_factor: expected one whose square divides the {} channels, got "
          "{}",
          in.c(), factor);
  const bool recording = records({&x});
  Variable y(Tensor::images(in.n(), in.c() / (factor * factor), in.h() * factor, in.w() * factor,
                            in.dtype()),
             recording);
  kernels::pixel_shuffle(factor, in, y.value());
  if (recording) {
    Tape::active()->record(
        "pixel_shuffle", y, [factor, input = x.without_value()](const Tensor& dy) {
          Tensor dx = Tensor::images(dy.n(), dy.c() * factor * factor, dy.h() / factor,
                                     dy.w() / factor, dy.dtype());
          kernels::pixel_unshuffle(factor, dy, dx);
          input.accumulate_grad(dx);
        });
  }
  return y;
}

}  // namespace weir
