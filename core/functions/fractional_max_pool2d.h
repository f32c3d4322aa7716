// Fractional max pooling: windows whose mean distance is no whole number, so that a map shrinks by
// less than two. Their places are random. Graham 2014, arXiv:1412.6071; PyTorch's
// fractional_max_pool2d, and the paper's own regions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/functions/max_pool2d_indices.h"
#include "core/kernels/fractional_regions.h"

namespace weir {

using kernels::FractionalRegions;
using kernels::FractionalSequence;

struct FractionalMaxPool2dOptions {
  std::array<int, 2> kernel_size{2, 2};  // of FractionalRegions::kFixed; the others ignore it
  // One of these two. The ratio is that of the output to the input, in (0, 1); the product is
  // rounded down.
  std::optional<std::array<int, 2>> output_size = std::nullopt;
  std::optional<std::array<double, 2>> output_ratio = std::nullopt;
  FractionalRegions regions = FractionalRegions::kFixed;
  FractionalSequence sequence = FractionalSequence::kPseudorandom;  // of kDisjoint, kOverlapping
  bool shared = false;  // one draw for all images and channels, as in the paper
  // PyTorch's _random_samples: plain F32 (N, C, 2), or (1, 1, 2) when shared, from 0 to below 1;
  // [.., 0] is for the width, [.., 1] for the height. Undefined: drawn from the next three, and so
  // are shuffles. `layer`, below 2^24, tells the layers of a network apart.
  Tensor random_samples = {};
  uint64_t seed = 0;
  uint32_t step = 0;
  uint32_t layer = 0;
};

// (height, width) of the output for an (h, w) map. Throws kUsage with the numbers: kFixed needs
// output + kernel_size - 1 <= input, the others an input between 1 and 2 times the output.
std::array<int, 2> output_size_of(const FractionalMaxPool2dOptions& options, int h, int w);

// As in PyTorch, evaluation draws too; the caller gives the same address again for the same
// windows. Ties and NaN as in max_pool2d.
Variable fractional_max_pool2d(const Variable& x, const FractionalMaxPool2dOptions& options);
MaxPooled fractional_max_pool2d_with_indices(const Variable& x,
                                             const FractionalMaxPool2dOptions& options);

}  // namespace weir
