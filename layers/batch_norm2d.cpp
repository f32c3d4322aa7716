#include "layers/batch_norm2d.h"

#include "core/base/error.h"
#include "core/functions/batch_norm.h"
#include "core/kernels/panel_moments.h"

namespace weir {

BatchNorm2d::BatchNorm2d(int num_features, const Options& options)
    : num_features_(num_features), options_(options) {
  require(num_features >= 1, "BatchNorm2d needs at least one channel, got {}", num_features);
  require(options.eps > 0, "eps must be above 0, got {}", options.eps);
  require(options.momentum >= 0 && options.momentum <= 1, "momentum must be in [0, 1], got {}",
          options.momentum);
  weight_ = Variable(Tensor::full({num_features}, 1.f), true);
  bias_ = Variable(Tensor::zeros({num_features}), true);
  running_mean_ = Tensor::zeros({num_features});
  running_var_ = Tensor::full({num_features}, 1.f);
  num_batches_tracked_ = Tensor::zeros({}, DType::kI32);
}

std::string BatchNorm2d::options() const {
  return fmt::format("{}, eps={}, momentum={}, affine=True, track_running_stats=True",
                     num_features_, options_.eps, options_.momentum);
}

Variable BatchNorm2d::forward(const Variable& x, const StepContext& context) {
  return forward_with(x, context, {});
}

Variable BatchNorm2d::forward_with(const Variable& x, const StepContext& context,
                                   const Neighbours& neighbours) {
  const bool training = uses_batch(context);
  if (training) ++*num_batches_tracked_.data<int32_t>();
  return batch_norm(x, weight_, bias_, running_mean_, running_var_,
                    {.training = training,
                     .momentum = options_.momentum,
                     .eps = options_.eps,
                     .relu = neighbours.relu,
                     .moments = neighbours.moments});
}

kernels::PanelMoments BatchNorm2d::moments() const {
  return kernels::PanelMoments({running_mean_.data(), static_cast<size_t>(running_mean_.numel())});
}

FeatureShape BatchNorm2d::output_shape(const FeatureShape& in) const {
  require(!in.flat,
          "expected a map (channels, height, width), got {} flat features; put batch "
          "normalisation before flatten",
          in.numel());
  require(in.c == num_features_, "expected {} channels, got {}", num_features_, in.str());
  return in;
}

std::vector<NamedParameter> BatchNorm2d::parameters() {
  return {{"weight", weight_, false}, {"bias", bias_, false}};
}

std::vector<NamedBuffer> BatchNorm2d::buffers() {
  return {{"running_mean", &running_mean_},
          {"running_var", &running_var_},
          {"num_batches_tracked", &num_batches_tracked_}};
}

}  // namespace weir
