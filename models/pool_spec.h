// One kind of pooling in place of another.
#pragma once

#include <string_view>

#include "models/model_options.h"

namespace weir {

// The stride as PyTorch defines it: the kernel's size unless given. Null when neither is there.
const SpecValue* stride_of(const LayerSpec& pool);

// `pool`, a max_pool2d or avg_pool2d, as a layer of `kind`, a word of models/layer_kinds.h that
// pools: it halves maps like `pool` does. What the kind has no argument for goes.
LayerSpec as_pool(const LayerSpec& pool, std::string_view kind);

}  // namespace weir
