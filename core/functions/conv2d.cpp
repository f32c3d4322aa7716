#include "core/functions/conv2d.h"

#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/functions/pooling.h"
#include "core/functions/require_images.h"
#include "core/kernels/channel_sum.h"
#include "core/kernels/conv/conv_choice.h"
#include "core/kernels/mask_gradient.h"
#include "core/kernels/panel_moments.h"
#include "core/kernels/pool/row_pooling.h"

namespace weir {
namespace {

using kernels::ConvShape;

void check_tensors(std::string_view tag, const Variable& x, const Variable& weight,
                   const Variable& bias, int out_channels) {
  require_images(tag, x);
  require(weight.defined() && weight.value().dtype() == DType::kF32,
          "[{}] weight: expected floats, got {}", tag,
          weight.defined() ? name_of(weight.value().dtype()) : "nothing");
  require(!bias.defined() || bias.value().shape() == Shape{out_channels},
          "[{}] expected a bias of shape ({}), got {}", tag, out_channels,
          bias.defined() ? bias.value().shape().str() : "");
}

ConvShape conv_shape(const Tensor& x, const Tensor& weight, const Conv2dOptions& o) {
  require(weight.shape().rank() == 4, "[conv2d] expected a weight (K, C/groups, KH, KW), got {}",
          weight.shape().str());
  const int k = static_cast<int>(weight.shape()[0]);
  require(o.groups > 0 && x.c() % o.groups == 0 && k % o.groups == 0,
          "[conv2d] groups={} must divide {} input and {} output channels", o.groups, x.c(), k);
  require(weight.shape()[1] * o.groups == x.c(),
          "[conv2d] weight {} takes {} input channels, got images {}", weight.shape().str(),
          weight.shape()[1] * o.groups, x.shape().str());
  const auto axis = [&](size_t i, int in) {
    const int kernel = static_cast<int>(weight.shape()[static_cast<int>(i) + 2]);
    require(
        kernel > 0 && o.stride[i] > 0 && o.dilation[i] > 0 && o.padding[i] >= 0,
        "[conv2d] expected kernel, stride and dilation of at least 1 and padding of at least 0, "
        "got kernel={}, stride={}, dilation={}, padding={}",
        kernel, o.stride[i], o.dilation[i], o.padding[i]);
    const Axis a{.in = in,
                 .kernel = kernel,
                 .stride = o.stride[i],
                 .pad = o.padding[i],
                 .dilation = o.dilation[i]};
    require(a.out() > 0,
            "[conv2d] kernel {} does not fit input {}: {}; add padding or use a "
            "smaller kernel",
            a.kernel, in, formula(a));
    return a;
  };
  return {.c = x.c(), .k = k, .groups = o.groups, .window = {axis(0, x.h()), axis(1, x.w())}};
}

void check_options(std::string_view tag, DType x, const LinearOptions& o) {
  const DType output = o.output.value_or(x);
  require(is_floating(output) && (x == DType::kBF16 || output == x),
          "[{}] output: {} images give {}, got {}; call cast() instead", tag, name_of(x),
          x == DType::kBF16 ? "F32 or BF16" : "F32", name_of(output));
  if (!o.dropout) return;
  require(o.relu, "[{}] dropout: expected relu in front of it; call dropout() instead", tag);
  require_sensible(tag, *o.dropout);
}

// A pooling behind the convolution. What it keeps also says where a ReLU between them was positive.
struct KeptPooling {
  Pooling pooling;
  kernels::PoolKept kept;
};

// Backward of one call. It may write into dy when nobody else refers to that.
struct ConvBackward {
  ConvShape shape;
  Variable x, weight, bias;
  Tensor y;  // with a ReLU and no pooling: positive exactly where the gradient passes
  float scale;
  std::optional<KeptPooling> pool;
  const kernels::Conv2dKernel &data_kernel, &weights_kernel;

  void operator()(Tensor dy) {
    const Tensor dbias = pool ? pass_pooling(dy) : pass_relu(dy);
    if (bias.requires_grad()) bias.accumulate_grad(dbias);
    if (weight.requires_grad()) {
      Tensor dweight = Tensor::like(weight.value());
      weights_kernel.backward_weights(shape, x.value(), dy, dweight);
      weight.accumulate_grad(std::move(dweight));
    }
    if (x.requires_grad()) {
      Tensor dx = Tensor::like(x.value());
      data_kernel.backward_data(shape, dy, weight.value(), dx);
      x.accumulate_grad(std::move(dx));
    }
  }

  // Turns dy into the gradient in front of dropout and ReLU. Returns the gradient of the bias,
  // undefined when nobody asks for it. Gives y's memory back, which fits the gradients to come.
  Tensor pass_relu(Tensor& dy) {
    if (!y.defined()) return bias.requires_grad() ? kernels::channel_sum(dy) : Tensor();
    if (!dy.unshared()) dy = dy.clone();
    return kernels::mask_gradient(std::exchange(y, Tensor()), scale, dy);
  }

  // The same with pooling behind them.
  Tensor pass_pooling(Tensor& dy) {
    const auto& [name, op, geometry] = pool->pooling;
    Tensor dx = Tensor::images(dy.n(), dy.c(), geometry.y.in(), geometry.x.in(), dy.dtype());
    Tensor dbias = kernels::pool_backward_and_sum(op, geometry, pool->kept, dy, dx);
    pool.reset();
    dy = std::move(dx);
    return dbias;
  }
};

// One call, all but its backward.
struct Call {
  const char* name;
  ConvShape shape;
  const Variable &x, &weight, &bias;
  const LinearOptions& then;

  Tensor new_output() const {
    return Tensor::images(x.value().n(), shape.k, shape.window.y.out(), shape.window.x.out(),
                          then.output.value_or(x.value().dtype()));
  }
  void run(const kernels::Conv2dKernel& kernel, Tensor& y,
           const kernels::PanelsWritten* written = nullptr) const {
    kernel.forward(shape, x.value(), weight.value(),
                   {.bias = bias.defined() ? bias.value().data() : nullptr,
                    .relu = then.relu,
                    .dropout = then.dropout,
                    .written = written},
                   y);
  }
  bool recorded() const { return records({&x, &weight, &bias}); }
};

// Returns the pooled output; what comes before it is forgotten, unless backward has to read it.
Tensor run_and_pool(const Call& call, const kernels::Conv2dKernel& kernel, KeptPooling& pool) {
  Tensor map = call.new_output();
  auto& [name, op, geometry] = pool.pooling;
  op.after_relu = call.then.relu;
  Tensor y = Tensor::images(map.n(), map.c(), geometry.y.out(), geometry.x.out(), map.dtype());
  if (call.recorded()) pool.kept = kernels::pool_keep(op, geometry, map, y);
  kernels::RowPooling rows(op, geometry, map, y, pool.kept.notes);
  const kernels::PanelsWritten written = rows;
  call.run(kernel, map, &written);
  return y;
}

// Returns the output, whose moments are taken where somebody asks for them.
Tensor run_alone(const Call& call, const kernels::Conv2dKernel& kernel) {
  Tensor y = call.new_output();
  kernels::PanelMoments* moments = call.then.moments;
  const auto add = [&](int nb, int row, Range columns) { moments->add(y, nb, row, columns); };
  const kernels::PanelsWritten written = add;
  if (moments) moments->start(y);
  call.run(kernel, y, moments ? &written : nullptr);
  return y;
}

// `weight` may have any shape with the right number of elements: linear's is (out, C*H*W), which is
// (out, C, H, W) row-major.
Variable convolve(const Call& call, std::optional<KeptPooling> pool = std::nullopt) {
  const LinearOptions& then = call.then;
  const DType type = call.x.value().dtype();
  check_options(call.name, type, then);
  const auto [forward, backward_data, backward_weights] =
      kernels::conv2d_kernels_for(call.shape, type);
  const Tensor y = pool ? run_and_pool(call, *forward, *pool) : run_alone(call, *forward);
  Variable out(y, call.recorded());
  if (!call.recorded()) return out;
  const float scale = then.dropout ? then.dropout->scale() : 1.f;
  const bool masks = then.relu && !pool;
  Tape::active()->record(
      call.name, out,
      ConvBackward{call.shape, call.x, call.weight, call.bias, masks ? y : Tensor(), scale,
                   std::move(pool), *backward_data, *backward_weights});
  return out;
}

}  // namespace

Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias,
                const Conv2dOptions& options) {
  check_tensors("conv2d", x, weight, bias,
                weight.defined() ? static_cast<int>(weight.value().shape()[0]) : 0);
  const ConvShape shape = conv_shape(x.value(), weight.value(), options);
  const LinearOptions then{.relu = options.relu,
                           .dropout = options.dropout,
                           .output = options.output,
                           .moments = options.moments};
  if (!options.pool) return convolve({"conv2d", shape, x, weight, bias, then});
  require(!options.dropout,
          "[conv2d] dropout: expected none before pooling; call dropout() and the "
          "pooling afterwards instead");
  require(!options.moments, "[conv2d] moments: expected none with pooling");
  return convolve(
      {"conv2d", shape, x, weight, bias, then},
      KeptPooling{pooling_of(*options.pool, shape.window.y.out(), shape.window.x.out()), {}});
}

Variable linear(const Variable& x, const Variable& weight, const Variable& bias,
                const LinearOptions& options) {
  check_tensors("linear", x, weight, bias,
                weight.defined() ? static_cast<int>(weight.value().shape()[0]) : 0);
  const Tensor& images = x.value();
  const Shape& w = weight.value().shape();
  const int64_t features = int64_t{images.c()} * images.h() * images.w();
  require(w.rank() == 2 && w[1] == features,
          "[linear] weight {} does not take the {} features of images {}", w.str(), features,
          images.shape().str());
  const ConvShape shape{.c = images.c(),
                        .k = static_cast<int>(w[0]),
                        .groups = 1,
                        .window = Window2d::global(images.h(), images.w())};
  return convolve({"linear", shape, x, weight, bias, options});
}

}  // namespace weir
