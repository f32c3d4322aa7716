#include "models/conv_stack.h"

#include <memory>

#include "layers/activation.h"
#include "layers/batch_norm2d.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"

namespace weir {

void ConvStack::bare_conv(const ConvSpec& spec) {
  layers_.add(std::make_unique<Conv2d>(
      channels_, spec.channels,
      Conv2d::Options{.kernel_size = spec.kernel, .stride = spec.stride, .padding = spec.padding}));
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

void ConvStack::stage(std::vector<ConvSpec> convs, const MaxPool2d::Options& pool) {
  const int stride = pool.stride.h;
  const Downsample how = style_.downsample;
  const ConvSpec same{.channels = convs.back().channels, .kernel = 3, .padding = 1};
  if (how == Downsample::kStrided) convs.back().stride = stride;
  if (how == Downsample::kConvPool) convs.push_back(same);
  if (how == Downsample::kAllConv) {
    convs.push_back(same);
    convs.back().stride = stride;
  }
  for (const ConvSpec& spec : convs) conv(spec);
  if (how == Downsample::kMaxPool || how == Downsample::kConvPool) {
    layers_.add(std::make_unique<MaxPool2d>(pool));
  }
  if (how == Downsample::kAvgPool) {
    layers_.add(std::make_unique<AvgPool2d>(AvgPool2d::Options{
        .kernel_size = pool.kernel_size, .stride = pool.stride, .padding = pool.padding}));
  }
  dropout(style_.dropout);
}

}  // namespace weir
