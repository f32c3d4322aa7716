#include "layers/linear.h"

#include "core/base/error.h"
#include "layers/parameter.h"

namespace weir {

Linear::Linear(int in_features, int out_features, const Options& options)
    : in_features_(in_features), out_features_(out_features) {
  require(in_features >= 1 && out_features >= 1,
          "Linear needs at least one feature on each side, got in_features {} and out_features {}",
          in_features, out_features);
  weight_ = zero_parameter({out_features, in_features});
  if (options.bias) bias_ = zero_parameter({out_features});
}

std::string Linear::options() const {
  return fmt::format("in_features={}, out_features={}, bias={}", in_features_, out_features_,
                     bias_.defined() ? "True" : "False");
}

Variable Linear::forward(const Variable& x, const StepContext& context) {
  return forward_with(x, {.output = context.output});
}

Variable Linear::forward_with(const Variable& x, const LinearOptions& then) const {
  return linear(x, weight_, bias_, then);
}

FeatureShape Linear::output_shape(const FeatureShape& in) const {
  require(
      in.flat || (in.h == 1 && in.w == 1),
      "expected flat features, got the map {}; put flatten before it, or adaptive_avg_pool2d: 1 "
      "and flatten",
      in.str());
  require(in.numel() == in_features_,
          "expected {} inputs, got {}; the head is fixed-size, try adaptive_avg_pool2d: 1",
          in_features_, in.numel());
  return {.c = out_features_, .flat = true};
}

std::vector<NamedParameter> Linear::parameters() {
  std::vector<NamedParameter> list{{"weight", weight_}};
  if (bias_.defined()) list.push_back({"bias", bias_, false});
  return list;
}

}  // namespace weir
