// The weights of Gaussian p-norm pooling. Sermanet, Chintala, LeCun, ICPR 2012 (arXiv:1204.3968).
#pragma once

#include <optional>
#include <vector>

namespace weir::kernels {

// rows x columns weights, row by row, of sum 1: the outer product of two Gaussians around the
// middle. sigma in cells; without it, a quarter of the side along each axis.
std::vector<float> gaussian_weights(int rows, int columns, std::optional<float> sigma);

}  // namespace weir::kernels
