// Shape checks that every layer with a sliding window shares.
#pragma once

#include "core/window.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// Throws kUsage when `in` was flattened: a window needs rows and columns.
void require_map(const FeatureShape& in);

// Throws kUsage for numbers that make no window on any map.
void require_window(Pair kernel_size, Pair stride, Pair padding, Pair dilation);

// (channels, OH, OW) of `window` sliding over its input. Throws kUsage with the master formula and
// its numbers when the window does not fit, and for outputs of more than 2^30 numbers an image: a
// mistyped padding should not take the machine down, and sizes of maps stay far inside an int.
FeatureShape slide(const Window2d& window, int channels);

// `out` itself. Throws kUsage for more than 2^30 numbers an image, as slide() does.
FeatureShape allowed(const FeatureShape& out);

// The largest cell of adaptive pooling, and the mean distance of cells, rounded down.
Window2d largest_cell(const FeatureShape& in, Pair output_size);

}  // namespace weir
