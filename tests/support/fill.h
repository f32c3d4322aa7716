// Test tensors: reproducible random values, and padded rows as the library promises them.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "core/runtime/philox.h"
#include "core/tensor/layout.h"
#include "core/tensor/tensor.h"

namespace weir::testing {

inline std::vector<float> random_values(int64_t count, uint32_t stream, float low = -1.f,
                                        float high = 1.f) {
  Philox random(7, Purpose::kTest, stream);
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = random.uniform(low, high);
  return values;
}

// Images with random values; the padded rows are zero.
inline Tensor random_images(int n, int c, int h, int w, uint32_t stream) {
  return images_from_nchw(random_values(int64_t{n} * c * h * w, stream).data(), n, c, h, w);
}

inline Tensor random_plain(Shape shape, uint32_t stream) {
  return Tensor::from(random_values(shape.numel(), stream), shape);
}

// Memory full of NaN: what a kernel does not write is seen.
inline Tensor poisoned_like(const Tensor& other) {
  Tensor tensor = Tensor::like(other);
  std::fill_n(tensor.data(), tensor.stored(), std::numeric_limits<float>::quiet_NaN());
  return tensor;
}

}  // namespace weir::testing
