#include "layers/parameter.h"

#include <algorithm>

#include "core/base/error.h"

namespace weir {

Variable zero_parameter(const Shape& shape) {
  constexpr double kMost = 1 << 28;
  double count = 1;  // a double, because the product of mistyped sizes can exceed int64_t
  for (int axis = 0; axis < shape.rank(); ++axis) count *= static_cast<double>(shape[axis]);
  require(count <= kMost,
          "a weight of shape {} would have {:.3g} numbers, more than the {:.3g} "
          "allowed; use fewer channels or pool before the layer",
          shape.str(), count, kMost);
  return Variable(Tensor::zeros(shape), true);
}

std::function<void(Tensor&)> all(float value) {
  return [value](Tensor& tensor) { std::fill_n(tensor.data(), tensor.numel(), value); };
}

}  // namespace weir
