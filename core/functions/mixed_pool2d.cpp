#include "core/functions/mixed_pool2d.h"

#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/functions/activation.h"
#include "core/functions/blend.h"
#include "core/functions/conv2d.h"
#include "core/functions/pool2d.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

struct MaxAndAverage {
  Variable max, average;
};

MaxAndAverage both(std::string_view operation, const Variable& x, const PoolWindow& window) {
  const kernels::PoolOp max{.kind = kernels::PoolKind::kMax};
  return {run_pool(operation, max, geometry_of(operation, window, x), x).y,
          mean_pool2d(operation, x, window)};
}

// 1 or 0 for each output, from numbers of which as many are random as `per` says.
Tensor coins(const Tensor& like, MixedPer per, const kernels::UniformStream& stream) {
  Tensor gate = Tensor::like(like, DType::kF32);
  kernels::fill_uniform(stream, gate);
  const int channels = gate.c();
  const std::vector<float> first(gate.data(), gate.data() + channels);  // of image 0, pixel (0, 0)
  parallel_for(gate.stored() / channels, [&](int64_t row) {
    float* values = gate.data() + row * channels;
    for (int c = 0; c < channels; ++c) {
      if (per == MixedPer::kLayer) values[c] = first[0];
      if (per == MixedPer::kChannel) values[c] = first[static_cast<size_t>(c)];
      values[c] = values[c] < 0.5f ? 0.f : 1.f;
    }
  });
  return gate;
}

// (1, KH, KW) or (C, KH, KW) as the weight (C, 1, KH, KW) of a depthwise convolution.
Variable depthwise(const Variable& weight, int channels) {
  const Shape& shape = weight.value().shape();
  const int64_t cells = shape[1] * shape[2], copies = channels / shape[0];
  const bool recording = records({&weight});
  Variable out(Tensor::empty({channels, 1, shape[1], shape[2]}), recording);
  const float* from = weight.value().data();
  for (int64_t i = 0; i < out.value().numel(); ++i) {
    out.value().data()[i] = from[copies > 1 ? i % cells : i];
  }
  if (recording) {
    Tape::active()->record("depthwise", out, [weight](const Tensor& dout) {
      Tensor sum = Tensor::zeros_like(weight.value());
      for (int64_t i = 0; i < dout.numel(); ++i) sum.data()[i % sum.numel()] += dout.data()[i];
      weight.accumulate_grad(sum);
    });
  }
  return out;
}

}  // namespace

Variable mixed_pool2d(const Variable& x, const Variable& share, const PoolWindow& window) {
  const MaxAndAverage of = both("mixed_pool2d", x, window);
  return blend(spread(share, of.max.value()), of.max, of.average);
}

Variable random_mixed_pool2d(const Variable& x, MixedPer per, const kernels::UniformStream& stream,
                             const PoolWindow& window) {
  const MaxAndAverage of = both("random_mixed_pool2d", x, window);
  return blend(Variable(coins(of.max.value(), per, stream)), of.max, of.average);
}

Variable gated_pool2d(const Variable& x, const Variable& weight, const PoolWindow& window) {
  require_images("gated_pool2d", x);
  require(weight.defined() && weight.value().dtype() == DType::kF32,
          "[gated_pool2d] weight: expected floats, got {}",
          weight.defined() ? name_of(weight.value().dtype()) : "nothing");
  const Window2d checked = window_of("gated_pool2d", window, x.value().h(), x.value().w());
  const Shape& shape = weight.value().shape();
  const int channels = x.value().c();
  require(shape.rank() == 3 && (shape[0] == 1 || shape[0] == channels) &&
              shape[1] == checked.y.kernel && shape[2] == checked.x.kernel,
          "[gated_pool2d] weight: expected (1 or {}, {}, {}), got {}", channels, checked.y.kernel,
          checked.x.kernel, shape.str());
  require(!window.ceil_mode,
          "[gated_pool2d] ceil_mode: expected False: the gate is a convolution, which has no "
          "windows that overhang");
  const MaxAndAverage of = both("gated_pool2d", x, window);
  const Variable logits = conv2d(x, depthwise(weight, channels), Variable(),
                                 {.stride = {checked.y.stride, checked.x.stride},
                                  .padding = window.padding,
                                  .dilation = window.dilation,
                                  .groups = channels,
                                  .output = DType::kF32});
  return blend(sigmoid(logits), of.max, of.average);
}

}  // namespace weir
