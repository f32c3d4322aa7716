#pragma once

#include <vector>

#include "bench/peers/onednn/networks.h"

namespace weir::peers {

// A convolution in plain loops and double precision. Maps are NCHW, weights OIHW.
struct PlainConv {
  Conv spec;
  int batch = 0;
  int channels = 0;
  int height = 0;
  int width = 0;

  struct Gradients {
    std::vector<double> input;
    std::vector<double> weights;
    std::vector<double> bias;
  };

  int out_height() const { return extent(height); }
  int out_width() const { return extent(width); }

  // Without ReLU.
  std::vector<double> forward(const std::vector<float>& input, const std::vector<float>& weights,
                              const std::vector<float>& bias) const;
  Gradients backward(const std::vector<float>& input, const std::vector<float>& weights,
                     const std::vector<float>& out_gradient) const;

 private:
  int extent(int in) const { return (in + 2 * spec.padding - spec.kernel) / spec.stride + 1; }
  // Calls visit(output index, input index, weight index) for every multiplication.
  template <class Visit>
  void for_each_product(const Visit& visit) const;
  template <class Visit>
  void for_each_tap(int image, int filter, int y, int x, const Visit& visit) const;
};

}  // namespace weir::peers
