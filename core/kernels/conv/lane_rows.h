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

// One product: a row, and for each output its weight, as distances from where both begin.
struct LaneTerm {
  int64_t row, weights;
};

// result[k][i] = finish(sum over terms of weights[term.weights + k] * rows[first + term.row + i]),
// i in [0, length) and k in [0, outputs), where finish adds bias[k] and applies a ReLU, each if
// asked for. The rows of `result` are result_row apart; up to kLaneSlack floats after each may be
// overwritten.
struct LaneSums {
  int outputs = 0;
  int64_t first = 0;  // added to the row of every term
  int64_t length = 0;
  int64_t result_row = 0;
  const float* bias = nullptr;
  bool relu = false;
};
void sum_lane_rows(const LaneSums& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* weights, float* result);

// For each term: partial[term.weights + k] += rows[first + term.row + i] * gradients[k][i], summed
// over i in steps of a vector, and over `repeats` rows on both sides; partial holds kLaneSlack
// floats for each weight. The slack of the gradients must be zero, that of rows finite.
struct LaneDots {
  int outputs = 0;    // gradients, gradient_row apart
  int64_t first = 0;  // added to the row of every term
  int64_t length = 0;
  int64_t gradient_row = 0;
  int repeats = 1;
  int64_t next_row = 0, next_gradients = 0;  // from one repeat to the next
};
void dot_lane_rows(const LaneDots& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* gradients, float* partial);

// weights[w] = sum of the kLaneSlack floats of weight w, in a fixed order.
void fold_lane_dots(const float* partial, int64_t count, float* weights);

}  // namespace weir::kernels
