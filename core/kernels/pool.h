// Pooling: a window (pool/geometry.h) and a reducer inside it (pool/reducer-inl.h).
//
// x (N, C, H, W) and y (N, C, OH, OW) are images, all F32 or all BF16. A panel's B*C values are
// independent lanes, so a reducer runs on whole vectors for every window, channel count and batch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/kernels/pool/geometry.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

enum class PoolKind : uint8_t {
  kMax,
  kAvg,
  kWeighted,        // a weight for each tap
  kLp,              // a norm of the window
  kLpSlope,         // the derivative of kLp's output in p; has no gradient of its own
  kLogSumExp,       // a smooth maximum
  kSoft,            // the mean, weighted by softmax
  kStochastic,      // one input, drawn at random
  kStochasticMean,  // what kStochastic gives on average
};

// What a sum of powers is divided by.
enum class LpScale : uint8_t {
  kMean,      // the inputs inside the image
  kSum,       // nothing; but a window that overhangs counts as a whole one (PyTorch's rule)
  kWeighted,  // nothing, and each tap has a weight
};

// A reducer and its options.
struct PoolOp {
  PoolKind kind = PoolKind::kMax;
  bool count_include_pad = true;    // kAvg: padding counts in the divisor
  int divisor = 0;                  // kAvg: when positive, the divisor
  float p = 2;                      // kLp, kLpSlope: above 0
  LpScale scale = LpScale::kMean;   // kLp, kLpSlope
  bool absolute = true;             // kLp, kLpSlope: of |x|, not of x
  std::optional<float> floor = {};  // kLp, kLpSlope: lower inputs count as this
  float beta = 1;                   // kLogSumExp, kSoft: the sharpness, above 0
  bool softmax = false;             // kStochastic: odds e^x instead of max(x, 0)
  std::vector<float> weights = {};  // kWeighted and LpScale::kWeighted: of the taps, row by row
  Tensor uniform = {};              // kStochastic: F32 images like y, random, from 0 to below 1
  // x comes out of a ReLU, and backward goes through that as well: dx is zero where x <= 0. A
  // reducer with winners needs no x for it: what won is the output, and an output that is not
  // positive has nobody as its winner.
  bool after_relu = false;
};

// What the backward pass reads. The unused ones stay undefined.
struct PoolKept {
  Tensor x, y;  // only where the gradient needs them
  // On each output: its winner, a byte up to kByteTaps taps, else int32; or some floats, each in a
  // map like y, below each other in one image (N, C, count * OH, OW).
  Tensor notes;
};

// What `op` has to keep: x and y where it reads them, memory for its notes where it takes any.
PoolKept pool_keep(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x,
                   const Tensor& y);

// Both write all of their outputs, padded rows included. Forward writes the notes if they are
// defined: without a backward pass there is no need for them. With BF16 the result is that of F32
// on the same values, rounded once.
struct PoolKernel {
  std::string_view name;
  void (*forward)(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                  Tensor& notes);
  void (*backward)(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                   const Tensor& dy, Tensor& dx);
};

// Fastest first; the last one is "reference". Each takes every operator and geometry.
std::span<const PoolKernel> pool_kernels();

// Row `row` of block nb of y as the first of these computes it, on this thread.
void pool_row(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
              Tensor& notes, int nb, int row);

// The backward pass of the first of these, and channel_sum(dx) with the same bits, in one go.
Tensor pool_backward_and_sum(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                             const Tensor& dy, Tensor& dx);

}  // namespace weir::kernels
