#include "explain/methods/cam.h"

#include "core/functions/cast.h"
#include "core/functions/conv2d.h"
#include "explain/methods/gap_head.h"
#include "layers/layer_watch.h"

namespace weir {

Tensor class_activation_maps(Sequential& network, const Tensor& images) {
  const GapHead head = find_gap_head(placed_layers(network, shape_of(images)));
  LayerWatch watch({head.pooling});
  network.forward(Variable(images), {.observer = &watch});
  const Variable& maps = watch.passes().front().x;
  if (!head.linear) return cast(maps, DType::kF32).value();
  // The linear layer at every place, before the average instead of behind it.
  const Tensor weight = head.linear->parameters().front().variable.value();
  const Variable everywhere(weight.reshape({weight.shape()[0], weight.shape()[1], 1, 1}));
  return conv2d(maps, everywhere, Variable(), {.output = DType::kF32}).value();
}

HeatMap map_of(const Tensor& maps, int image, int channel) {
  HeatMap map{.height = maps.h(), .width = maps.w(), .values = {}};
  const int row = image % maps.block();
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const float* panel = maps.panel(image / maps.block(), y, x);
      map.values.push_back(panel[int64_t{row} * maps.c() + channel]);
    }
  }
  return map;
}

}  // namespace weir
