// Convolution of BF16 images by way of floats: for shapes without a kernel of their own.
#include "core/kernels/cast.h"
#include "core/kernels/conv/conv2d.h"
#include "core/kernels/panel_moments.h"

namespace weir::kernels {
namespace {

// As the other kernels for BF16 see them.
Tensor rounded(const Tensor& weight) {
  Tensor floats = Tensor::like(weight);
  cast(stored_as(weight, DType::kBF16), floats);
  return floats;
}

const Conv2dKernel& kernel_for(const ConvShape& shape) { return choose_conv2d(shape, DType::kF32); }

// Calls write(Tensor&) with `out` or, where that is BF16, with floats that are rounded afterwards.
template <class Write>
void write_floats(Tensor& out, Write write) {
  if (out.dtype() == DType::kF32) return write(out);
  Tensor floats = Tensor::like(out, DType::kF32);
  write(floats);
  cast(floats, out);
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  Epilogue on_floats = epilogue;
  on_floats.moments = nullptr;  // theirs would not be those of the rounded numbers
  write_floats(y, [&](Tensor& to) {
    kernel_for(shape).forward(shape, stored_as(x, DType::kF32), rounded(weight), on_floats, to);
  });
  if (epilogue.moments) epilogue.moments->add(y);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const Tensor gradient = stored_as(stored_as(dy, DType::kBF16), DType::kF32);
  write_floats(dx, [&](Tensor& to) {
    kernel_for(shape).backward_data(shape, gradient, rounded(weight), to);
  });
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const Tensor gradient = stored_as(stored_as(dy, DType::kBF16), DType::kF32);
  kernel_for(shape).backward_weights(shape, stored_as(x, DType::kF32), gradient, dweight);
}

}  // namespace

const Conv2dKernel kConvWidened{
    .name = "widened",
    .accepts = [](const ConvShape&, DType x) { return x == DType::kBF16; },
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights};

}  // namespace weir::kernels
