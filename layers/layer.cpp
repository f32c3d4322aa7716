#include "layers/layer.h"

#include <fmt/core.h>

namespace weir {

std::string FeatureShape::str() const {
  return flat ? fmt::format("({})", numel()) : fmt::format("({}, {}, {})", c, h, w);
}

}  // namespace weir
