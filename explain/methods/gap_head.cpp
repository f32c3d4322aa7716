#include "explain/methods/gap_head.h"

#include <algorithm>

#include "core/base/error.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/linear.h"
#include "layers/pool2d.h"

namespace weir {
namespace {

[[noreturn]] void refuse(const std::vector<PlacedLayer>& layers, size_t head) {
  fail(ErrorKind::kUsage,
       "cam: expected global average pooling (adaptive_avg_pool2d: 1) behind the last convolution, "
       "then at most one linear layer; the head here is: {}\n"
       "grad-cam, saliency and occlusion explain this network",
       listed(layers, head));
}

// The last layer that takes a map; everything behind it works on single numbers.
size_t last_on_maps(const std::vector<PlacedLayer>& layers) {
  const auto found = std::find_if(layers.rbegin(), layers.rend(),
                                  [](const PlacedLayer& layer) { return is_map(layer.in); });
  return found == layers.rend() ? 0 : static_cast<size_t>(layers.rend() - found) - 1;
}

bool averages_all(const PlacedLayer& placed) {
  if (is_map(placed.out)) return false;
  if (dynamic_cast<const AdaptiveAvgPool2d*>(placed.layer)) return true;
  const auto* average = dynamic_cast<const AvgPool2d*>(placed.layer);
  return average && average->window(placed.in) == Window2d::global(placed.in.h, placed.in.w) &&
         !average->pool().divisor_override;
}

bool takes_maximum_of_all(const PlacedLayer& placed) {
  return !is_map(placed.out) && placed.layer->kind() == "AdaptiveMaxPool2d";
}

bool passes_on(const Layer& layer) {
  return dynamic_cast<const Flatten*>(&layer) || dynamic_cast<const Dropout*>(&layer);
}

}  // namespace

GapHead find_gap_head(const std::vector<PlacedLayer>& layers) {
  const size_t at = last_on_maps(layers);
  const bool convolves =
      std::any_of(layers.begin(), layers.begin() + static_cast<long>(at),
                  [](const auto& placed) { return is_convolution(*placed.layer); });
  require(convolves,
          "cam: expected a convolution before the head; the layers are: {}\n"
          "saliency and occlusion explain this network",
          listed(layers, 0));
  if (!averages_all(layers[at]) && !takes_maximum_of_all(layers[at])) refuse(layers, at);
  GapHead head{.pooling = layers[at].layer};
  for (size_t i = at + 1; i < layers.size(); ++i) {
    Layer* layer = layers[i].layer;
    if (passes_on(*layer)) continue;
    if (head.linear || !dynamic_cast<Linear*>(layer)) refuse(layers, at);
    head.linear = layer;
  }
  return head;
}

}  // namespace weir
