// Change of storage type inside a network.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

// x, images or plain of F32 or BF16, stored as `type`, which is one of the two; x itself when it is
// already. The gradient is converted back to the type of x.
Variable cast(const Variable& x, DType type);

}  // namespace weir
