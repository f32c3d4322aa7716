// Random matrices with orthonormal rows or columns.
#pragma once

#include "core/tensor/tensor.h"

namespace weir {

// Takes `weight` (rows, ...), seen as a matrix of rows x (all the rest), filled with independent
// standard normal numbers, and replaces it by its orthogonal factor: the shorter side becomes
// orthonormal. Uniform over all such matrices (Mezzadri, Notices of the AMS 54, 2007).
void make_orthogonal(Tensor& weight);

}  // namespace weir
