#include "core/kernels/pool/gaussian.h"

#include <cmath>
#include <numeric>

namespace weir::kernels {
namespace {

// A sampled Gaussian around the middle, of sum 1.
std::vector<double> gaussian(int size, std::optional<float> sigma) {
  const double width = sigma ? double{*sigma} : size / 4.0, middle = (size - 1) / 2.0;
  std::vector<double> values;
  for (int i = 0; i < size; ++i) {
    const double distance = (i - middle) / width;
    values.push_back(std::exp(-0.5 * distance * distance));
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  for (double& value : values) value /= sum;
  return values;
}

}  // namespace

std::vector<float> gaussian_weights(int rows, int columns, std::optional<float> sigma) {
  std::vector<float> weights;
  const std::vector<double> across = gaussian(columns, sigma);
  for (const double y : gaussian(rows, sigma)) {
    for (const double x : across) weights.push_back(static_cast<float>(y * x));
  }
  return weights;
}

}  // namespace weir::kernels
