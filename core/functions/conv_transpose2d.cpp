#include "core/functions/conv_transpose2d.h"

#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/kernels/cast.h"
#include "core/kernels/channel_sum.h"
#include "core/kernels/conv/conv_choice.h"
#include "core/kernels/for_rows.h"

namespace weir {
namespace {

using kernels::ConvShape;

int transposed_size(const ConvTranspose2dOptions& o, size_t axis, std::string_view direction,
                    int kernel, int in) {
  const int stride = o.stride[axis], padding = o.padding[axis], dilation = o.dilation[axis];
  const int more = o.output_padding[axis];
  require(kernel > 0 && stride > 0 && dilation > 0 && padding >= 0,
          "[conv_transpose2d] {}: expected kernel, stride and dilation of at least 1 and padding "
          "of at least 0, got kernel {}, stride {}, dilation {}, padding {}",
          direction, kernel, stride, dilation, padding);
  require(more >= 0 && more < stride,
          "[conv_transpose2d] {}: expected an output_padding of at least 0 and below the stride of "
          "{}, got {}",
          direction, stride, more);
  const int size = (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1;
  require(size > 0,
          "[conv_transpose2d] {}: the padding leaves no output: ({} - 1)*{} - 2*{} + {}*({} - 1) + "
          "{} + 1 = {}",
          direction, in, stride, padding, dilation, kernel, more, size);
  return size;
}

void check_tensors(const Variable& x, const Variable& weight, const Variable& bias) {
  require_images("conv_transpose2d", x);
  const Tensor w = weight.defined() ? weight.value() : Tensor();
  require(w.defined() && w.dtype() == DType::kF32 && w.shape().rank() == 4 &&
              w.shape()[0] == x.value().c(),
          "[conv_transpose2d] weight: expected plain F32 ({}, K, KH, KW) for images {}, got {}",
          x.value().c(), x.value().shape().str(), describe(w));
  require(!bias.defined() || bias.value().shape() == Shape{w.shape()[1]},
          "[conv_transpose2d] expected a bias of shape ({}), got {}", w.shape()[1],
          bias.defined() ? bias.value().shape().str() : "");
}

// Of the convolution whose gradient this is: from our output to our input.
ConvShape shape_of(const Tensor& x, const Tensor& weight, const ConvTranspose2dOptions& o) {
  const std::array kernel{static_cast<int>(weight.shape()[2]), static_cast<int>(weight.shape()[3])};
  const std::array<int, 2> size = transposed_size_of(o, kernel, x.h(), x.w());
  const auto axis = [&](size_t i) {
    return Axis{.in = size[i],
                .kernel = kernel[i],
                .stride = o.stride[i],
                .pad = o.padding[i],
                .dilation = o.dilation[i]};
  };
  return {.c = static_cast<int>(weight.shape()[1]),
          .k = x.c(),
          .groups = 1,
          .window = {axis(0), axis(1)}};
}

void add_bias(const Tensor& bias, Tensor& floats) {
  const kernels::Epilogue epilogue{.bias = bias.data(), .dropout = {}};
  kernels::for_rows(floats, [&](int nb, int row) {
    kernels::finish_panels(epilogue, floats, nb, row, {0, floats.w()});
  });
}

// The kernels for BF16 round what they write, so a bias is added to floats, and they are rounded.
void run_forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
                 const Variable& bias, Tensor& y) {
  if (x.dtype() == y.dtype() && (x.dtype() == DType::kF32 || !bias.defined())) {
    const auto chosen = kernels::conv2d_kernels_for(shape, x.dtype());
    chosen[1]->backward_data(shape, x, weight, y);
    if (bias.defined()) add_bias(bias.value(), y);
    return;
  }
  Tensor floats = y.dtype() == DType::kF32 ? y : Tensor::like(y, DType::kF32);
  const Tensor narrow = kernels::stored_as(kernels::stored_as(weight, DType::kBF16), DType::kF32);
  run_forward(shape, kernels::stored_as(x, DType::kF32), narrow, bias, floats);
  if (y.dtype() != DType::kF32) kernels::cast(floats, y);
}

struct TransposeBackward {
  ConvShape shape;
  Variable x, weight, bias;

  void operator()(const Tensor& dy) const {
    if (bias.requires_grad()) bias.accumulate_grad(kernels::channel_sum(dy));
    const Tensor upstream = kernels::stored_as(dy, x.value().dtype());
    const auto chosen = kernels::conv2d_kernels_for(shape, upstream.dtype());
    if (weight.requires_grad()) {
      Tensor dweight = Tensor::like(weight.value());
      chosen[2]->backward_weights(shape, upstream, x.value(), dweight);
      weight.accumulate_grad(std::move(dweight));
    }
    if (x.requires_grad()) {
      Tensor dx = Tensor::like(x.value());
      chosen[0]->forward(shape, upstream, weight.value(), {.dropout = {}}, dx);
      x.accumulate_grad(std::move(dx));
    }
  }
};

}  // namespace

std::array<int, 2> transposed_size_of(const ConvTranspose2dOptions& options,
                                      std::array<int, 2> kernel_size, int h, int w) {
  return {transposed_size(options, 0, "height", kernel_size[0], h),
          transposed_size(options, 1, "width", kernel_size[1], w)};
}

Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias,
                          const ConvTranspose2dOptions& options) {
  check_tensors(x, weight, bias);
  const DType type = x.value().dtype(), output = options.output.value_or(type);
  require(is_floating(output) && (type == DType::kBF16 || output == type),
          "[conv_transpose2d] output: {} images give {}, got {}; call cast() instead",
          name_of(type), type == DType::kBF16 ? "F32 or BF16" : "F32", name_of(output));
  const ConvShape shape = shape_of(x.value(), weight.value(), options);
  const bool recording = records({&x, &weight, &bias});
  Variable y(Tensor::images(x.value().n(), shape.c, shape.window.y.in, shape.window.x.in, output),
             recording);
  run_forward(shape, x.value(), weight.value(), bias, y.value());
  if (recording) {
    Tape::active()->record("conv_transpose2d", y, TransposeBackward{shape, x, weight, bias});
  }
  return y;
}

}  // namespace weir
