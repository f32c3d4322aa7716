#include "explain/methods/map_layer.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

size_t named_layer(const std::vector<PlacedLayer>& layers, const std::string& name) {
  std::vector<std::string> with_map;
  for (size_t i = 0; i < layers.size(); ++i) {
    const bool named = layers[i].path == name;
    if (named && is_map(layers[i].out)) return i;
    require(!named, "layer {} ({}) gives {}, which is no map; choose one before it", name,
            layers[i].layer->kind(), layers[i].out.str());
    if (is_map(layers[i].out)) with_map.push_back(layers[i].path);
  }
  fail(ErrorKind::kUsage, "there is no layer '{}'{}; layers with maps: {}", name,
       did_you_mean(name, with_map), join(with_map));
}

size_t last_convolution(const std::vector<PlacedLayer>& layers) {
  for (size_t i = layers.size(); i-- > 0;) {
    if (is_convolution(*layers[i].layer) && is_map(layers[i].out)) return i;
  }
  fail(ErrorKind::kUsage,
       "expected a convolution before the head; the layers are: {}\n"
       "saliency and occlusion explain this network",
       listed(layers, 0));
}

bool begins_head(const PlacedLayer& placed) {
  return !is_map(placed.out) || placed.layer->kind().starts_with("Adaptive");
}

}  // namespace

size_t find_map_layer(const std::vector<PlacedLayer>& layers, const std::string& name) {
  if (!name.empty()) return named_layer(layers, name);
  size_t at = last_convolution(layers);
  while (at + 1 < layers.size() && !begins_head(layers[at + 1])) ++at;
  return at;
}

}  // namespace weir
