// Products of rows whose lanes are images (and pixels): convolution of few channels, where a row of
// a panel would not fill a vector.
//
// A row is read in whole vectors: kLaneSlack floats after its end must be readable.
#pragma once

#include <cstdint>
#include <span>

namespace weir::kernels {

// The widest vector of any instruction set, in floats.
constexpr int kLaneSlack = 16;

// result[k][i] = sum over j of weights[j][k] * rows[j][i], for i in [0, length) and k in [0,
// outputs). The rows of `result` are result_row apart; up to kLaneSlack floats after each are
// overwritten.
struct LaneSums {
  int outputs = 0;
  int64_t length = 0;
  int64_t result_row = 0;
};
void sum_lane_rows(const LaneSums& shape, std::span<const float* const> rows, const float* weights,
                   float* result);

// partial[j][k] += rows[j][i] * gradients[k][i], summed over i in steps of a vector. partial holds
// kLaneSlack floats for each pair. The slack of the gradients must be zero, that of rows finite.
struct LaneDots {
  int outputs = 0;  // rows of gradients, gradient_row apart
  int64_t length = 0;
  int64_t gradient_row = 0;
};
void dot_lane_rows(const LaneDots& shape, std::span<const float* const> rows,
                   const float* gradients, float* partial);

// sums[p] = sum of the kLaneSlack floats of pair p, in a fixed order.
void fold_lane_dots(const float* partial, int64_t pairs, float* sums);

}  // namespace weir::kernels
