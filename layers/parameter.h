// Memory for the weights of a layer.
#pragma once

#include <functional>

#include "core/autograd/variable.h"

namespace weir {

// Zeros that require a gradient. Throws kUsage for more than 2^28 numbers (1 GiB in fp32): a
// mistyped size should not take the machine down.
Variable zero_parameter(const Shape& shape);

// For NamedParameter::start: every element begins with this value.
std::function<void(Tensor&)> all(float value);

}  // namespace weir
