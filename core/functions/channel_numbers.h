// Numbers, one for each channel, out of F32 tensors of shape (C) and into them.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

inline std::vector<float> channel_numbers(const Tensor& values) {
  return {values.data(), values.data() + values.numel()};
}

inline Tensor channel_tensor(const std::vector<double>& numbers) {
  return Tensor::from(std::vector<float>(numbers.begin(), numbers.end()),
                      {static_cast<int64_t>(numbers.size())});
}

}  // namespace weir
