// Which of pool_kernels() the functions use.
#pragma once

#include <string_view>

#include "core/kernels/pool.h"

namespace weir::kernels {

// The first, until set_pool_kernel() names another.
const PoolKernel& chosen_pool_kernel();

// For checking kernels against each other. Throws kUsage for an unknown name. A backward pass runs
// on the kernel of its forward pass.
void set_pool_kernel(std::string_view name);

}  // namespace weir::kernels
