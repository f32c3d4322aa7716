// Builds the convolutional part of a network: conv [batch norm] activation, and stages that end in
// a downsampling chosen by one word.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "layers/conv2d.h"
#include "layers/pool2d.h"
#include "layers/sequential.h"
#include "models/downsample.h"

namespace weir {

struct ConvSpec {
  int channels = 0;
  int kernel = 3;
  int padding = 0;
  int stride = 1;
  std::optional<AverageWindow> average = std::nullopt;  // as Conv2d::Options
};

class ConvStack {
 public:
  struct Style {
    DownsampleWord downsample;
    bool batch_norm = false;
    std::string act = "relu";
    double dropout = 0;    // after each stage; 0 = none
    bool average = false;  // Downsample::kAllConv: its convolutions begin as average pooling
  };
  ConvStack(int in_channels, Style style) : channels_(in_channels), style_(std::move(style)) {}

  // conv [batch norm] activation
  void conv(const ConvSpec& spec);
  // conv alone
  void bare_conv(const ConvSpec& spec);
  // The convolutions, then the downsampling: `window` where it pools, its stride where it does not;
  // none: the maps keep their size.
  void stage(std::vector<ConvSpec> convs, const std::optional<MaxPool2d::Options>& window);
  // Nothing for p = 0.
  void dropout(double p);
  void activation();

  Sequential take() { return std::move(layers_); }

 private:
  // To the convolutions of a stage, what they do of it.
  void add_downsampling(std::vector<ConvSpec>& convs, const MaxPool2d::Options& window) const;
  void pool(const MaxPool2d::Options& options);

  int channels_;  // of the last layer
  Style style_;
  Sequential layers_;
};

}  // namespace weir
