#pragma once

#include <string>
#include <variant>
#include <vector>

namespace weir::peers {

constexpr int kImageChannels = 3;
constexpr int kImageSize = 32;
constexpr int kNumClasses = 10;

// A square convolution with bias, and ReLU after it.
struct Conv {
  int channels = 0;
  int kernel = 3;
  int stride = 1;
  int padding = 0;
};

// A 2x2 max pooling of stride 2.
struct MaxPool {};

// The mean of each map.
struct GlobalMean {};

// A fully connected layer with bias.
struct Linear {
  int features = 0;
  bool relu = true;
};

using LayerSpec = std::variant<Conv, MaxPool, GlobalMean, Linear>;

std::vector<std::string> network_names();

// The layers that models/ builds under the same name, without batch norm and dropout.
std::vector<LayerSpec> network_named(const std::string& name);

}  // namespace weir::peers
