// Maps whose pixels are pixels of another map: padding by reflection, and its gradient. A pixel is
// a panel, so channels and images follow by themselves.
#pragma once

#include "core/kernels/mirror.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// y[oy][ox] = x[rows[oy]][columns[ox]]. F32 or BF16 images; y has rows.size() times
// columns.size() pixels.
void copy_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& x, Tensor& y);

// dx[iy][ix] = the sum of dy over all pixels that copied (iy, ix), in row-major order. With BF16 it
// is rounded once.
void add_copied_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& dy,
                       Tensor& dx);

}  // namespace weir::kernels
