// Convolution of BF16 images by way of floats: for shapes without a kernel of their own.
#include "core/kernels/cast.h"
#include "core/kernels/conv/conv2d.h"

namespace weir::kernels {
namespace {

// As the other kernels for BF16 see them.
Tensor rounded(const Tensor& weight) {
  Tensor floats = Tensor::like(weight);
  cast(stored_as(weight, DType::kBF16), floats);
  return floats;
}

const Conv2dKernel& kernel_for(const ConvShape& shape) { return choose_conv2d(shape, DType::kF32); }

// Floats are rounded to BF16 while they are in the cache.
void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const Conv2dKernel& kernel = kernel_for(shape);
  const Tensor source = stored_as(x, DType::kF32);
  if (y.dtype() == DType::kF32) {
    return kernel.forward(shape, source, rounded(weight), epilogue, y);
  }
  Tensor floats = Tensor::like(y, DType::kF32);
  const auto round = [&](int nb, int row, Range columns) {
    const int64_t first = (int64_t{nb} * y.h() + row) * y.w(), panel = y.panel_size();
    cast(floats, y, (first + columns.begin) * panel, (first + columns.end) * panel);
    epilogue.tell(nb, row, columns);
  };
  const PanelsWritten written = round;
  Epilogue with_rounding = epilogue;
  with_rounding.written = &written;
  kernel.forward(shape, source, rounded(weight), with_rounding, floats);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const Tensor gradient = stored_as(stored_as(dy, DType::kBF16), DType::kF32);
  Tensor floats = dx.dtype() == DType::kF32 ? dx : Tensor::like(dx, DType::kF32);
  kernel_for(shape).backward_data(shape, gradient, rounded(weight), floats);
  if (dx.dtype() == DType::kBF16) cast(floats, dx);
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
