// The mixture of two images, element by element.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// y = g a + (1 - g) b. Exactly a where g = 1 and b where g = 0, whatever the other one is. `gate`
// is F32; a, b and y are all F32 or all BF16; all are images of one shape.
void blend(const Tensor& gate, const Tensor& a, const Tensor& b, Tensor& y);

// da = g dy, db = (1 - g) dy, and where it is defined dgate = dy (a - b). Without dgate, a and b
// are not read.
struct BlendGradients {
  Tensor da, db, dgate;
};
void blend_backward(const Tensor& gate, const Tensor& a, const Tensor& b, const Tensor& dy,
                    BlendGradients& out);

}  // namespace weir::kernels
