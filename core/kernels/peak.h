// Arithmetic for its own sake: the ceiling that kernels are compared with.
#pragma once

#include <cstdint>

namespace weir::kernels {

// Multiply-adds on fp32 vectors that never leave their registers, as many at once as the processor
// can overlap. Returns the operations done, two for each lane of a multiply-add; `rounds` makes
// them proportionally more.
double fma_in_registers(int64_t rounds);

}  // namespace weir::kernels
