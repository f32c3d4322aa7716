// The filter of BlurPool. Zhang, ICML 2019 (arXiv:1904.11486).
#pragma once

#include <vector>

namespace weir::kernels {

// size x size weights, row by row, of sum 1: the outer product of a row of Pascal's triangle, such
// as [1 2 1] / 4, with itself.
std::vector<float> binomial_filter(int size);

}  // namespace weir::kernels
