#include "train/bench/conv_shapes.h"

#include "layers/conv2d.h"
#include "layers/linear.h"

namespace weir {

std::optional<kernels::ConvShape> conv_shape_of(Layer& layer, const FeatureShape& in) {
  const bool linear = dynamic_cast<const Linear*>(&layer) != nullptr;
  if (!linear && dynamic_cast<const Conv2d*>(&layer) == nullptr) return std::nullopt;
  const Shape weight = layer.parameters().front().variable.value().shape();
  const int k = static_cast<int>(weight[0]);
  if (linear) return kernels::ConvShape{.c = in.c, .k = k, .window = Window2d::global(in.h, in.w)};
  return kernels::ConvShape{
      .c = in.c, .k = k, .groups = in.c / static_cast<int>(weight[1]), .window = layer.window(in)};
}

}  // namespace weir
