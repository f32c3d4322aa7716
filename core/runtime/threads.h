// How many threads a pool has when nobody says.
#pragma once

namespace weir {

// WEIR_THREADS when it holds a number in 1 .. 1024, else usable_cores(). Throws kUsage on nonsense.
int default_threads();

}  // namespace weir
