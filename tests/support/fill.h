// Test tensors: reproducible random values, and padded rows as the library promises them.
#pragma once

#include <algorithm>
#include <cstring>
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
  std::memset(tensor.data<std::byte>(), 0xFF, tensor.bytes());
  return tensor;
}

// The same values stored as BF16, rounded one by one.
inline Tensor rounded(const Tensor& floats) {
  Tensor tensor = Tensor::like(floats, DType::kBF16);
  std::transform(floats.data(), floats.data() + floats.stored(), tensor.data<bfloat16>(),
                 to_bfloat16);
  return tensor;
}

// The same values, of BF16, stored as floats.
inline Tensor widened(const Tensor& halves) {
  Tensor tensor = Tensor::like(halves, DType::kF32);
  const bfloat16* from = halves.data<bfloat16>();
  for (int64_t i = 0; i < tensor.stored(); ++i) tensor.data()[i] = to_float(from[i]);
  return tensor;
}

}  // namespace weir::testing
