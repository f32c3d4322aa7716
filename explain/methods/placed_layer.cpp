#include "explain/methods/placed_layer.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {

std::vector<PlacedLayer> placed_layers(const Sequential& network, const FeatureShape& input) {
  FeatureShape shape;
  try {
    shape = network.output_shape(input);
  } catch (const Error& error) {
    fail(error.kind(), "the network does not take pictures of {}x{}: {}", input.h, input.w,
         error.what());
  }
  require(!is_map(shape),
          "the network gives {} for pictures of {}x{}; expected one score for each class",
          shape.str(), input.h, input.w);
  std::vector<PlacedLayer> layers;
  shape = input;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    const FeatureShape out = leaf.layer->output_shape(shape);
    layers.push_back({leaf.path, leaf.layer, shape, out});
    shape = out;
  }
  return layers;
}

bool is_convolution(const Layer& layer) { return layer.kind().starts_with("Conv"); }

std::string listed(const std::vector<PlacedLayer>& layers, size_t first) {
  std::vector<std::string> names;
  for (size_t i = first; i < layers.size(); ++i) {
    names.push_back(fmt::format("{} {}", layers[i].path, layers[i].layer->kind()));
  }
  return join(names);
}

}  // namespace weir
