#include "core/functions/batch_norm.h"

#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/functions/channel_numbers.h"
#include "core/functions/in_place.h"
#include "core/functions/require_images.h"
#include "core/kernels/batch_norm.h"
#include "core/kernels/panel_moments.h"

namespace weir {
namespace {

using Channels = std::vector<float>;

void require_channels(std::string_view name, const Tensor& values, int channels) {
  require(values.defined() && values.dtype() == DType::kF32 && values.shape() == Shape{channels},
          "[batch_norm] {}: expected shape ({}), the channels of x, got {}", name, channels,
          values.defined() ? values.shape().str() : "nothing");
}

void require_inputs(const Variable& x, const Variable& weight, const Variable& bias,
                    const Tensor& running_mean, const Tensor& running_var,
                    const BatchNormOptions& options) {
  require_images("batch_norm", x);
  const int channels = x.value().c();
  require_channels("weight", weight.defined() ? weight.value() : Tensor(), channels);
  require_channels("bias", bias.defined() ? bias.value() : Tensor(), channels);
  require_channels("running_mean", running_mean, channels);
  require_channels("running_var", running_var, channels);
  require(options.eps > 0, "[batch_norm] eps: expected a positive number, got {}", options.eps);
  require(!options.training || x.value().numel() > channels,
          "[batch_norm] expected more than one value per channel in training, got x {}: use a "
          "larger batch, or no batch norm at a 1x1 map",
          x.value().shape().str());
}

struct Statistics {
  Channels mean, inverse_std;
};

Statistics of_running(const Tensor& mean, const Tensor& var, float eps) {
  Statistics statistics;
  for (int64_t c = 0; c < mean.numel(); ++c) {
    statistics.mean.push_back(mean.data()[c]);
    statistics.inverse_std.push_back(
        static_cast<float>(1.0 / std::sqrt(double{var.data()[c]} + double{eps})));
  }
  return statistics;
}

kernels::MeanVariance moments_of(const Tensor& x, const Tensor& running_mean,
                                 const BatchNormOptions& options) {
  if (options.moments) return options.moments->result(x, double{options.eps});
  kernels::PanelMoments moments({running_mean.data(), static_cast<size_t>(running_mean.numel())});
  moments.start(x);
  moments.add(x);
  return moments.result(x, double{options.eps});
}

// The batch's own, and the running ones moved towards them.
Statistics of_batch(const Tensor& x, Tensor& running_mean, Tensor& running_var,
                    const BatchNormOptions& options) {
  const kernels::MeanVariance moments = moments_of(x, running_mean, options);
  const double count = static_cast<double>(x.numel() / x.c()), momentum = double{options.momentum};
  Statistics statistics;
  for (size_t c = 0; c < moments.mean.size(); ++c) {
    const double mean = moments.mean[c], variance = moments.variance[c];
    statistics.mean.push_back(static_cast<float>(mean));
    statistics.inverse_std.push_back(
        static_cast<float>(1.0 / std::sqrt(variance + double{options.eps})));
    const double unbiased = variance * count / (count - 1);
    float &moving_mean = running_mean.data()[c], &moving_var = running_var.data()[c];
    moving_mean = static_cast<float>((1 - momentum) * double{moving_mean} + momentum * mean);
    moving_var = static_cast<float>((1 - momentum) * double{moving_var} + momentum * unbiased);
  }
  return statistics;
}

// With h = (x - mean) * inverse_std, g the gradient of weight * h + bias and m values per channel:
//   dbias = sum g, dweight = sum g * h
//   dx = weight * inverse_std * (g - dbias / m - h * dweight / m)
// and outside training, where the statistics are constants, dx = weight * inverse_std * g.
struct BatchNormBackward {
  Variable x, weight, bias;
  Channels inverse_std;
  kernels::ChannelAffine affine;
  bool training;

  void operator()(const Tensor& dy) const {
    kernels::ChannelSums sums;
    if (training || weight.requires_grad() || bias.requires_grad()) {
      sums = kernels::channel_gradient_sums(dy, x.value(), affine);
    }
    for (size_t c = 0; c < sums.second.size(); ++c) sums.second[c] *= double{inverse_std[c]};
    if (x.requires_grad()) x.accumulate_grad(input_gradient(dy, sums));
    if (weight.requires_grad()) weight.accumulate_grad(channel_tensor(sums.second));
    if (bias.requires_grad()) bias.accumulate_grad(channel_tensor(sums.first));
  }

  Tensor input_gradient(const Tensor& dy, const kernels::ChannelSums& sums) const {
    const size_t channels = inverse_std.size();
    const double count = static_cast<double>(x.value().numel()) / static_cast<double>(channels);
    kernels::GradientFactors factors{Channels(channels), Channels(channels), Channels(channels)};
    for (size_t i = 0; i < channels; ++i) {
      const double inverse = double{inverse_std[i]};
      const double scale = double{weight.value().data()[i]} * inverse;
      factors.a[i] = static_cast<float>(scale);
      if (!training) continue;
      factors.b[i] = static_cast<float>(-scale * inverse * sums.second[i] / count);
      factors.c[i] = static_cast<float>(-scale * sums.first[i] / count);
    }
    Tensor dx = in_place_or_new(dy);
    kernels::channel_gradient(dy, x.value(), affine, factors, dx);
    return dx;
  }
};

}  // namespace

Variable batch_norm(const Variable& x, const Variable& weight, const Variable& bias,
                    Tensor& running_mean, Tensor& running_var, const BatchNormOptions& options) {
  require_inputs(x, weight, bias, running_mean, running_var, options);
  Statistics statistics = options.training ? of_batch(x.value(), running_mean, running_var, options)
                                           : of_running(running_mean, running_var, options.eps);
  kernels::ChannelAffine affine{.mean = std::move(statistics.mean),
                                .scale = statistics.inverse_std,
                                .shift = channel_numbers(bias.value()),
                                .relu = options.relu};
  for (size_t c = 0; c < affine.scale.size(); ++c) affine.scale[c] *= weight.value().data()[c];
  const bool recording = records({&x, &weight, &bias});
  Variable y(Tensor::like(x.value()), recording);
  kernels::channel_affine(x.value(), affine, y.value());
  if (recording) {
    Tape::active()->record("batch_norm", y,
                           BatchNormBackward{x, weight, bias, std::move(statistics.inverse_std),
                                             std::move(affine), options.training});
  }
  return y;
}

}  // namespace weir
