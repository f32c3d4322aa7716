#include "explain/methods/saliency.h"

#include <algorithm>
#include <cmath>

#include "core/tensor/layout.h"
#include "explain/methods/class_gradient.h"
#include "explain/methods/placed_layer.h"

namespace weir {

HeatMap largest_over_channels(std::span<const float> values, int height, int width) {
  const size_t cells = static_cast<size_t>(height) * static_cast<size_t>(width);
  HeatMap map{.height = height, .width = width, .values = std::vector<float>(cells)};
  for (size_t i = 0; i < values.size(); ++i) {
    float& most = map.values[i % cells];
    most = std::max(most, std::abs(values[i]));
  }
  return map;
}

std::vector<HeatMap> saliency(Sequential& network, const Tensor& images,
                              std::span<const int> classes) {
  placed_layers(network, shape_of(images));  // for its errors
  const std::vector<float> gradient =
      nchw_from_images(class_gradient(network, images, classes, nullptr).images);
  const size_t size = gradient.size() / classes.size();
  std::vector<HeatMap> maps;
  for (size_t i = 0; i < gradient.size(); i += size) {
    maps.push_back(largest_over_channels({gradient.data() + i, size}, images.h(), images.w()));
  }
  return maps;
}

}  // namespace weir
