#include "bench/peers/onednn/plain_conv.h"

#include <cstddef>

namespace weir::peers {

template <class Visit>
void PlainConv::for_each_tap(int image, int filter, int y, int x, const Visit& visit) const {
  for (int channel = 0; channel < channels; ++channel) {
    for (int i = 0; i < spec.kernel; ++i) {
      for (int j = 0; j < spec.kernel; ++j) {
        const int row = y * spec.stride - spec.padding + i;
        const int column = x * spec.stride - spec.padding + j;
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        visit(((image * channels + channel) * height + row) * width + column,
              ((filter * channels + channel) * spec.kernel + i) * spec.kernel + j);
      }
    }
  }
}

template <class Visit>
void PlainConv::for_each_product(const Visit& visit) const {
  int out = 0;
  for (int image = 0; image < batch; ++image) {
    for (int filter = 0; filter < spec.channels; ++filter) {
      for (int y = 0; y < out_height(); ++y) {
        for (int x = 0; x < out_width(); ++x, ++out) {
          for_each_tap(image, filter, y, x, [&](int in, int weight) { visit(out, in, weight); });
        }
      }
    }
  }
}

std::vector<double> PlainConv::forward(const std::vector<float>& input,
                                       const std::vector<float>& weights,
                                       const std::vector<float>& bias) const {
  const int map = out_height() * out_width();
  std::vector<double> out(static_cast<std::size_t>(batch) * spec.channels * map);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bias[i / map % spec.channels];
  for_each_product([&](int o, int in, int weight) {
    out[o] += static_cast<double>(input[in]) * weights[weight];
  });
  return out;
}

PlainConv::Gradients PlainConv::backward(const std::vector<float>& input,
                                         const std::vector<float>& weights,
                                         const std::vector<float>& out_gradient) const {
  Gradients gradients{.input = std::vector<double>(input.size()),
                      .weights = std::vector<double>(weights.size()),
                      .bias = std::vector<double>(static_cast<std::size_t>(spec.channels))};
  const int map = out_height() * out_width();
  for (std::size_t i = 0; i < out_gradient.size(); ++i) {
    gradients.bias[i / map % spec.channels] += out_gradient[i];
  }
  for_each_product([&](int o, int in, int weight) {
    gradients.input[in] += static_cast<double>(out_gradient[o]) * weights[weight];
    gradients.weights[weight] += static_cast<double>(out_gradient[o]) * input[in];
  });
  return gradients;
}

}  // namespace weir::peers
