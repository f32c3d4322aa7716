#include "models/conv_stack.h"

#include <memory>

#include "layers/activation.h"
#include "layers/batch_norm2d.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"
#include "models/layer_kinds.h"
#include "models/pool_spec.h"

namespace weir {
namespace {

// As a list would write it.
LayerSpec spec_of(const MaxPool2d::Options& pool) {
  const auto pair = [](Pair value) {
    return SpecValue{.items = {std::to_string(value.h), std::to_string(value.w)}, .is_list = true};
  };
  return {.kind = "max_pool2d",
          .args = {{"kernel_size", pair(pool.kernel_size)},
                   {"stride", {.text = std::to_string(pool.stride.h)}},
                   {"padding", pair(pool.padding)},
                   {"ceil_mode", {.text = pool.ceil_mode ? "true" : "false"}}}};
}

}  // namespace

void ConvStack::bare_conv(const ConvSpec& spec) {
  layers_.add(std::make_unique<Conv2d>(channels_, spec.channels,
                                       Conv2d::Options{.kernel_size = spec.kernel,
                                                       .stride = spec.stride,
                                                       .padding = spec.padding,
                                                       .average = spec.average}));
  channels_ = spec.channels;
}

void ConvStack::conv(const ConvSpec& spec) {
  bare_conv(spec);
  if (style_.batch_norm) layers_.add(std::make_unique<BatchNorm2d>(channels_));
  activation();
}

void ConvStack::activation() { layers_.add(make_activation(style_.act)); }

void ConvStack::dropout(double p) {
  if (p > 0) layers_.add(std::make_unique<Dropout>(static_cast<float>(p)));
}

// Only the channels matter here: whether the windows fit, the whole network reports with the names
// of its layers.
void ConvStack::pool(const MaxPool2d::Options& options) {
  const FeatureShape any_map{.c = channels_, .h = 64, .w = 64};
  LayerPtr layer = make_layer(as_pool(spec_of(options), style_.downsample.pool), any_map);
  channels_ = layer->output_shape(any_map).c;
  layers_.add(std::move(layer));
}

void ConvStack::stage(std::vector<ConvSpec> convs,
                      const std::optional<MaxPool2d::Options>& window) {
  const Downsample how = style_.downsample.form;
  if (window) add_downsampling(convs, *window);
  for (const ConvSpec& spec : convs) conv(spec);
  if (window && (how == Downsample::kPool || how == Downsample::kConvPool)) pool(*window);
  dropout(style_.dropout);
}

void ConvStack::add_downsampling(std::vector<ConvSpec>& convs,
                                 const MaxPool2d::Options& window) const {
  const int stride = window.stride.h;
  const Downsample how = style_.downsample.form;
  ConvSpec same{.channels = convs.back().channels, .kernel = 3, .padding = 1};
  if (how == Downsample::kStrided) convs.back().stride = stride;
  if (how == Downsample::kConvPool) convs.push_back(same);
  if (how == Downsample::kAllConv) {
    same.stride = stride;
    if (style_.average) same.average = {window.kernel_size, window.padding};
    convs.push_back(same);
  }
}

}  // namespace weir
