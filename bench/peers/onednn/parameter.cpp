#include "bench/peers/onednn/parameter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

#include "bench/peers/onednn/plain.h"

namespace weir::peers {

Parameter::Parameter(const dnnl::memory::desc& desc, const dnnl::engine& engine)
    : value_(desc, engine), gradient_(desc, engine), velocity_(desc, engine) {
  for (const dnnl::memory& memory : {value_, gradient_, velocity_}) {
    std::ranges::fill(numbers(memory), 0.0f);
  }
}

std::span<float> Parameter::numbers(const dnnl::memory& memory) {
  return {static_cast<float*>(memory.get_data_handle()),
          memory.get_desc().get_size() / sizeof(float)};
}

dnnl::memory::dim Parameter::count() const {
  const dnnl::memory::dims dims = value_.get_desc().dims();
  return std::accumulate(dims.begin(), dims.end(), dnnl::memory::dim{1}, std::multiplies<>());
}

void Parameter::initialize(unsigned seed) {
  const dnnl::memory::dim fan_in = count() / value_.get_desc().dims()[0];
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, std::sqrt(2.0f / static_cast<float>(fan_in)));
  std::vector<float> values(static_cast<std::size_t>(count()));
  for (float& value : values) value = normal(random);
  write_plain(values, value_);
}

void Parameter::update(const Sgd& sgd) {
  float* value = values().data();
  float* velocity = numbers(velocity_).data();
  const float* gradient = gradients().data();
  const auto size = static_cast<std::ptrdiff_t>(values().size());
  // Starting the threads costs more than a small update.
  constexpr std::ptrdiff_t kParallel = 1 << 14;
#pragma omp parallel for simd if (size >= kParallel)
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const float slope = gradient[i] + sgd.weight_decay * value[i];
    velocity[i] = sgd.momentum * velocity[i] + slope;
    value[i] -= sgd.learning_rate * (slope + sgd.momentum * velocity[i]);
  }
}

}  // namespace weir::peers
