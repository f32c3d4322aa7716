#include "train/diagnose/pooling_layers.h"

#include <string_view>

#include "models/receptive_field.h"

namespace weir {
namespace {

bool kind_has(const Layer& layer, std::string_view word) {
  return layer.kind().find(word) != std::string_view::npos;
}

}  // namespace

std::vector<PoolingLayer> pooling_layers(const Sequential& network, const FeatureShape& input) {
  std::vector<PoolingLayer> list;
  FeatureShape shape = input;
  Field2d field;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    const Layer& layer = *leaf.layer;
    const FeatureShape out = layer.output_shape(shape);
    const Window2d window = layer.window(shape);
    field = field.through(window).enlarged(layer.enlarges());
    if (kind_has(layer, "Pool")) {
      list.push_back({leaf.path, &layer, shape, out, window, field.x.stride});
    }
    shape = out;
  }
  return list;
}

bool takes_maximum(const Layer& layer) { return kind_has(layer, "MaxPool"); }

}  // namespace weir
