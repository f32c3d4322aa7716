// Maps whose pixels are pixels of another map: padding by reflection, and its gradient. A pixel is
// a panel, so channels and images follow by themselves.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// For each position along one axis, the position that it copies.
using AxisSources = std::vector<int>;
// The positions of the axis in front, of size `in`, and `before` and `after` more behind its first
// and last one, mirrored there. Both are below `in`.
AxisSources reflected_sources(int in, int before, int after);

// y[oy][ox] = x[rows[oy]][columns[ox]]. F32 or BF16 images; y has rows.size() times
// columns.size() pixels.
void copy_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& x, Tensor& y);

// dx[iy][ix] = the sum of dy over all pixels that copied (iy, ix), in row-major order. With BF16 it
// is rounded once.
void add_copied_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& dy,
                       Tensor& dx);

}  // namespace weir::kernels
