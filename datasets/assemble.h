// Filling image blocks with pictures.
#pragma once

#include <span>

#include "core/tensor/tensor.h"
#include "datasets/augment.h"
#include "datasets/normalized_images.h"

namespace weir {

// The pictures at `indices` as a tensor (N, C, H, W) in image blocks, picture i moved as
// placements[i] says (all as they are when `placements` is empty), stored as `type`: F32, or BF16,
// rounded to the nearest. Padded rows are zero.
Tensor assemble(const NormalizedImages& images, std::span<const int> indices,
                std::span<const Placement> placements = {}, DType type = DType::kF32);

}  // namespace weir
