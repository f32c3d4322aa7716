#include "core/functions/blend.h"

#include <numeric>
#include <vector>

#include "core/base/error.h"
#include "core/functions/channel_numbers.h"
#include "core/functions/require_images.h"
#include "core/kernels/batch_norm.h"
#include "core/kernels/blend.h"
#include "core/kernels/channel_sum.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

Tensor total(const Tensor& values) {
  const std::vector<float> all = channel_numbers(values);
  return Tensor::from({static_cast<float>(std::accumulate(all.begin(), all.end(), 0.0))}, {1});
}

}  // namespace

Variable blend(const Variable& gate, const Variable& a, const Variable& b) {
  require_images("blend", a);
  require(gate.value().is_images() && gate.value().dtype() == DType::kF32 &&
              gate.value().shape() == a.value().shape() && b.value().shape() == a.value().shape() &&
              b.value().dtype() == a.value().dtype(),
          "[blend] expected a gate of F32 images and two images of one shape and type, got {}, {} "
          "and {}",
          gate.value().shape().str(), a.value().shape().str(), b.value().shape().str());
  const bool recording = records({&gate, &a, &b});
  Variable y(Tensor::like(a.value()), recording);
  kernels::blend(gate.value(), a.value(), b.value(), y.value());
  if (!recording) return y;
  const bool learns = gate.requires_grad();
  const auto kept = [&](const Variable& x) { return learns ? x : x.without_value(); };
  Tape::active()->record("blend", y, [gate, a = kept(a), b = kept(b)](const Tensor& dy) {
    kernels::BlendGradients out{Tensor::like(dy), Tensor::like(dy),
                                gate.requires_grad() ? Tensor::like(gate.value()) : Tensor()};
    kernels::blend_backward(gate.value(), a.value(), b.value(), dy, out);
    if (gate.requires_grad()) gate.accumulate_grad(out.dgate);
    if (a.requires_grad()) a.accumulate_grad(out.da);
    if (b.requires_grad()) b.accumulate_grad(out.db);
  });
  return y;
}

Variable spread(const Variable& values, const Tensor& like) {
  const int channels = like.c();
  require(values.defined() && values.value().dtype() == DType::kF32 &&
              (values.value().shape() == Shape{1} || values.value().shape() == Shape{channels}),
          "[spread] expected numbers of shape (1) or ({}), got {}", channels,
          values.defined() ? values.value().shape().str() : "nothing");
  const bool single = values.value().numel() == 1, recording = records({&values});
  Variable y(Tensor::like(like, DType::kF32), recording);
  const std::vector<float> from = channel_numbers(values.value());
  float* to = y.value().data();
  parallel_for(y.value().stored() / channels, [&](int64_t row) {
    for (int c = 0; c < channels; ++c) {
      to[row * channels + c] = from[single ? 0 : static_cast<size_t>(c)];
    }
  });
  if (recording) {
    Tape::active()->record("spread", y, [values, single](const Tensor& dy) {
      const Tensor sums = kernels::channel_sum(dy);
      values.accumulate_grad(single ? total(sums) : sums);
    });
  }
  return y;
}

Variable scale_shift(const Variable& x, const Variable& weight, const Variable& bias) {
  require_images("scale_shift", x);
  const Shape expected{x.value().c()};
  require(
      weight.value().shape() == expected && bias.value().shape() == expected,
      "[scale_shift] expected a weight and a bias of shape {}, the channels of x, got {} and {}",
      expected.str(), weight.value().shape().str(), bias.value().shape().str());
  const kernels::ChannelAffine affine{.mean = std::vector<float>(size_t(x.value().c()), 0.f),
                                      .scale = channel_numbers(weight.value()),
                                      .shift = channel_numbers(bias.value())};
  const bool recording = records({&x, &weight, &bias});
  Variable y(Tensor::like(x.value()), recording);
  kernels::channel_affine(x.value(), affine, y.value());
  if (!recording) return y;
  Tape::active()->record("scale_shift", y, [x, weight, bias, affine](const Tensor& dy) {
    kernels::ChannelSums sums;
    if (weight.requires_grad() || bias.requires_grad()) {
      sums = kernels::channel_gradient_sums(dy, x.value(), affine);
    }
    if (weight.requires_grad()) weight.accumulate_grad(channel_tensor(sums.second));
    if (bias.requires_grad()) bias.accumulate_grad(channel_tensor(sums.first));
    if (!x.requires_grad()) return;
    Tensor dx = Tensor::like(dy);
    kernels::channel_affine(dy, {affine.mean, affine.scale, affine.mean}, dx);
    x.accumulate_grad(dx);
  });
  return y;
}

}  // namespace weir
