#include "bench/networks.h"

#include <algorithm>

#include <fmt/core.h>

#include "models/registry.h"

namespace weir::bench {

std::vector<Network> networks() {
  return {{"lenet5", {.name = "lenet5"}},
          {"vgg_mini", {.name = "vgg_mini", .batch_norm = true, .head = "gap"}},
          {"all_cnn_c",
           {.name = "springenberg", .base = "C", .downsample = "all_conv", .batch_norm = true}}};
}

std::vector<LayerShape> distinct_layers(const ModelOptions& options,
                                        const std::vector<std::string_view>& kinds) {
  const Model model = build_model(options);
  std::vector<LayerShape> layers;
  FeatureShape in = model.input;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    const LayerShape layer{.kind = std::string(leaf.layer->kind()),
                           .in = in,
                           .out = leaf.layer->output_shape(in),
                           .window = leaf.layer->window(in)};
    in = layer.out;
    if (std::find(kinds.begin(), kinds.end(), layer.kind) == kinds.end()) continue;
    if (std::find(layers.begin(), layers.end(), layer) == layers.end()) layers.push_back(layer);
  }
  return layers;
}

std::string size_label(const FeatureShape& shape) {
  return fmt::format("{}x{}x{}", shape.c, shape.h, shape.w);
}

std::string window_label(const LayerShape& layer) {
  const Axis& axis = layer.window.y;
  return fmt::format("{}_k{}s{}p{}", size_label(layer.in), axis.kernel, axis.stride, axis.pad);
}

}  // namespace weir::bench
