#include "explain/methods/grad_cam.h"

#include <numeric>

#include "core/tensor/layout.h"
#include "explain/methods/class_gradient.h"
#include "explain/methods/map_layer.h"

namespace weir {
namespace {

// One channel of one image: the map times the mean of its gradient.
void weigh(std::span<const float> map, std::span<const float> gradient, std::vector<float>& out) {
  const double sum = std::accumulate(gradient.begin(), gradient.end(), 0.);
  const double weight = sum / static_cast<double>(gradient.size());
  for (const float value : map) out.push_back(static_cast<float>(weight * double{value}));
}

HeatMap sum_of(const WeightedMaps& maps) {
  HeatMap sum{.height = maps.height, .width = maps.width, .values = {}};
  const size_t cells = static_cast<size_t>(maps.height) * static_cast<size_t>(maps.width);
  for (size_t i = 0; i < cells; ++i) {
    double total = 0;
    for (size_t k = i; k < maps.values.size(); k += cells) total += double{maps.values[k]};
    sum.values.push_back(static_cast<float>(total));
  }
  return sum;
}

}  // namespace

std::vector<WeightedMaps> weighted_maps(Sequential& network, const Tensor& images,
                                        std::span<const int> classes, const std::string& layer) {
  const std::vector<PlacedLayer> layers = placed_layers(network, shape_of(images));
  const size_t at = find_map_layer(layers, layer);
  const FeatureShape& shape = layers[at].out;
  const LayerPass pass = class_gradient(network, images, classes, layers[at + 1].layer).layer;
  const std::vector<float> values = nchw_from_images(pass.x.value());
  const std::vector<float> gradients = nchw_from_images(pass.gradient);
  const size_t cells = static_cast<size_t>(shape.h) * static_cast<size_t>(shape.w);
  std::vector<WeightedMaps> all;
  for (size_t i = 0; i < values.size(); i += cells) {
    if (i % (cells * static_cast<size_t>(shape.c)) == 0) {
      all.push_back({.channels = shape.c, .height = shape.h, .width = shape.w, .values = {}});
    }
    weigh({values.data() + i, cells}, {gradients.data() + i, cells}, all.back().values);
  }
  return all;
}

std::vector<HeatMap> grad_cam(Sequential& network, const Tensor& images,
                              std::span<const int> classes, const GradCamOptions& options) {
  std::vector<HeatMap> maps;
  for (const WeightedMaps& weighted : weighted_maps(network, images, classes, options.layer)) {
    HeatMap map = sum_of(weighted);
    maps.push_back(options.rectify ? rectified(std::move(map)) : std::move(map));
  }
  return maps;
}

}  // namespace weir
