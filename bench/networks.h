// The networks whose layers and steps are measured, and the shapes that their layers see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/window.h"
#include "layers/layer.h"
#include "models/model_options.h"

namespace weir::bench {

struct Network {
  std::string name;
  ModelOptions options;
};

// lenet5; vgg_mini with batch norm and the gap head; all_cnn_c with batch norm. 3x32x32 pictures.
std::vector<Network> networks();

// A layer without its parameters.
struct LayerShape {
  std::string kind;  // Layer::kind()
  FeatureShape in, out;
  Window2d window;
  bool operator==(const LayerShape&) const = default;
};

// The layers of these kinds in order of execution; of equal ones only the first.
std::vector<LayerShape> distinct_layers(const ModelOptions& options,
                                        const std::vector<std::string_view>& kinds);

// "96x32x32"
std::string size_label(const FeatureShape& shape);
// "96x32x32_k3s2p1": kernel, stride and padding, which are square in these networks.
std::string window_label(const LayerShape& layer);

}  // namespace weir::bench
