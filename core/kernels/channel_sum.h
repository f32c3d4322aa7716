// Sums over images and pixels, one for each channel: the gradient of a bias.
#pragma once

#include <cstdint>
#include <span>

#include "core/runtime/function_ref.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// images (N, C, H, W) of F32 or BF16 whose padded rows are zero, as gradients are -> (C), plain
// F32.
Tensor channel_sum(const Tensor& images);

// The same for kernels that add up what they compute on the way, in the same order. They are called
// for ranges [begin, end) of the stored numbers of `images`, and add number i to
// sums[(i - begin) % sums.size()]; sums.size() is a multiple of C, and is zero at first.
using AddToChannels = FunctionRef<void(int64_t begin, int64_t end, std::span<float> sums)>;
Tensor channel_sum(const Tensor& images, AddToChannels add);

// Adds number i of images to sums[(i - zero) % sums.size()], for i in [begin, end): for such
// kernels to do with a piece of their range that begins at `zero`.
void add_to_channels(const Tensor& images, int64_t begin, int64_t end, int64_t zero,
                     std::span<float> sums);

}  // namespace weir::kernels
