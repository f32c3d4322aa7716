#include "bench/peers/onednn/networks.h"

#include <stdexcept>

namespace weir::peers {
namespace {

// Springenberg et al. 2015 (arXiv:1412.6806), table 2.
std::vector<LayerSpec> all_cnn_c() {
  std::vector<LayerSpec> layers;
  for (const int channels : {96, 192}) {
    const Conv same{.channels = channels, .padding = 1};
    const Conv halving{.channels = channels, .stride = 2, .padding = 1};
    layers.insert(layers.end(), {same, same, halving});
  }
  layers.insert(layers.end(), {Conv{.channels = 192}, Conv{.channels = 192, .kernel = 1},
                               Conv{.channels = kNumClasses, .kernel = 1}, GlobalMean{}});
  return layers;
}

std::vector<LayerSpec> vgg_mini() {
  std::vector<LayerSpec> layers;
  for (const int channels : {64, 128, 256}) {
    const Conv same{.channels = channels, .padding = 1};
    layers.insert(layers.end(), {same, same, MaxPool{}});
  }
  layers.insert(layers.end(),
                {Linear{.features = 256}, Linear{.features = kNumClasses, .relu = false}});
  return layers;
}

std::vector<LayerSpec> lenet5() {
  return {Conv{.channels = 6, .kernel = 5},
          MaxPool{},
          Conv{.channels = 16, .kernel = 5},
          MaxPool{},
          Linear{.features = 120},
          Linear{.features = 84},
          Linear{.features = kNumClasses, .relu = false}};
}

}  // namespace

std::vector<std::string> network_names() { return {"all_cnn_c", "vgg_mini", "lenet5"}; }

std::vector<LayerSpec> network_named(const std::string& name) {
  if (name == "all_cnn_c") return all_cnn_c();
  if (name == "vgg_mini") return vgg_mini();
  if (name == "lenet5") return lenet5();
  throw std::invalid_argument("unknown network '" + name + "'");
}

}  // namespace weir::peers
