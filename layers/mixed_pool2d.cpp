#include "layers/mixed_pool2d.h"

#include "core/base/error.h"
#include "layers/parameter.h"

namespace weir {
namespace {

std::string per_option(MixedPer per) {
  if (per == MixedPer::kLayer) return ", per=layer";
  return per == MixedPer::kChannel ? ", per=channel" : ", per=region";
}

int sharers(MixedPer per, int channels) {
  require(per != MixedPer::kRegion, "per: expected layer or channel for learnable numbers");
  return per == MixedPer::kLayer ? 1 : channels;
}

}  // namespace

MixedPool2d::MixedPool2d(int channels, const Options& options)
    : SlidingPool2d(options.slide),
      per_(options.per),
      share_(Tensor::full({sharers(options.per, channels)}, 0.5f), true) {}

std::vector<NamedParameter> MixedPool2d::parameters() {
  return {{.name = "share", .variable = share_, .decay = false, .start = all(0.5f)}};
}

std::string MixedPool2d::reducer_options() const { return per_option(per_); }

Variable RandomMixedPool2d::forward(const Variable& x, const StepContext& context) {
  const PoolWindow window = window_on(x);
  if (!context.training) {
    return mixed_pool2d(x, Variable(Tensor::full({1}, 0.5f)), window);
  }
  return random_mixed_pool2d(
      x, per_, {.seed = context.seed, .step = context.step, .layer = stream_}, window);
}

uint32_t RandomMixedPool2d::number_streams(uint32_t first) {
  stream_ = first;
  return first + 1;
}

std::string RandomMixedPool2d::reducer_options() const { return per_option(per_); }

GatedPool2d::GatedPool2d(int channels, const Options& options)
    : SlidingPool2d(options.slide), per_(options.per) {
  const Pair kernel = options.slide.kernel_size;
  require(kernel.h >= 1 && kernel.w >= 1, "a gate needs a kernel_size of at least 1, got {}",
          kernel.str());
  require(!options.slide.ceil_mode,
          "ceil_mode must be False: the gate is a convolution, whose windows do not overhang");
  weight_ = Variable(Tensor::zeros({sharers(options.per, channels), kernel.h, kernel.w}), true);
}

std::vector<NamedParameter> GatedPool2d::parameters() {
  return {{.name = "weight", .variable = weight_, .start = all(0.f)}};
}

int64_t GatedPool2d::macs(const FeatureShape& in) const {
  return output_shape(in).numel() * kernel_size().h * kernel_size().w;
}

std::string GatedPool2d::reducer_options() const { return per_option(per_); }

}  // namespace weir
