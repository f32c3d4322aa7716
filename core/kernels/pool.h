// Pooling: a window (pool/geometry.h) and a reducer inside it (pool/reducer-inl.h).
//
// x (N, C, H, W) and y (N, C, OH, OW) are images, all F32 or all BF16. A panel's B*C values are
// independent lanes, so a reducer runs on whole vectors for every window, channel count and batch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/kernels/pool/geometry.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

enum class PoolKind : uint8_t { kMax, kAvg };

// A reducer and its options.
struct PoolOp {
  PoolKind kind = PoolKind::kMax;
  bool count_include_pad = true;  // kAvg: padding counts in the divisor
  int divisor = 0;                // kAvg: when positive, the divisor
};

// What the backward pass reads. The unused ones stay undefined.
struct PoolKept {
  Tensor x, y;     // only where the reducer's gradient needs them
  Tensor winners;  // the tap that won each output: one byte up to 256 taps, else an int32
};

// What `op` has to keep: x and y where it reads them, memory for the winners where it has any.
PoolKept pool_keep(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x,
                   const Tensor& y);

// Both write all of their outputs, padded rows included. Forward writes the winners if they are
// defined: without a backward pass there is no need for them. With BF16 the result is that of F32
// on the same values, rounded once.
struct PoolKernel {
  std::string_view name;
  void (*forward)(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                  Tensor& winners);
  void (*backward)(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                   const Tensor& dy, Tensor& dx);
};

// Fastest first; the last one is "reference". Each takes every operator and geometry.
std::span<const PoolKernel> pool_kernels();

}  // namespace weir::kernels
