// The five linear maps of Winograd's minimal filtering for 3x3 kernels (Lavin and Gray 2016, "Fast
// Algorithms for Convolutional Neural Networks"). With tiles of m x m outputs and t = m + 2:
//   y = A^T [ (G w G^T) * (B^T x B) ] A        t*t products for m*m outputs of 9 products each
// and its transposes: dw = G^T [ (A dy A^T) * (B^T x B) ] G. Backward data is a forward pass.
#pragma once

#include <cstdint>
#include <span>

#include "core/tensor/bfloat16.h"

namespace weir::kernels {

// m, outputs of a tile along each axis. F(4x4) does a quarter of the multiplications at 1e-6 of
// relative error; F(2x2) 4/9 of them, and wastes less where maps are small.
enum class WinogradTile : uint8_t { kTwo = 2, kFour = 4 };
constexpr int outputs_of(WinogradTile tile) { return static_cast<int>(tile); }
constexpr int inputs_of(WinogradTile tile) { return outputs_of(tile) + 2; }

enum class WinogradMap : uint8_t {
  kInput,           // B^T . B: t x t pixels of x to t x t frequencies
  kOutput,          // A^T . A: frequencies to m x m pixels of y
  kOutputGradient,  // A . A^T: m x m pixels of dy to frequencies
  kWeight,          // G . G^T: 3 x 3 taps to frequencies
  kWeightGradient,  // G^T . G: frequencies to 3 x 3 taps
};

// Applies a map to `count` independent lanes: in[i] and out[j] point to the lanes of element i and
// j of the square matrices, row-major.
void winograd_transform(WinogradTile tile, WinogradMap map, std::span<const float* const> in,
                        std::span<float* const> out, int64_t count);
// From stored pixels: kInput and kOutputGradient.
void winograd_transform(WinogradTile tile, WinogradMap map, std::span<const bfloat16* const> in,
                        std::span<float* const> out, int64_t count);

}  // namespace weir::kernels
