// How far ahead of a load its memory is fetched, where the processor does not look by itself.
#pragma once

#include <cstdint>

namespace weir::kernels {

constexpr int64_t kFetchAhead = 1024;  // bytes

}  // namespace weir::kernels
