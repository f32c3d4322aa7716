// Mean and variance of each channel of images (N, C, H, W) over (N, H, W), from sums of each panel:
// taken in a pass over the images, or by whoever writes them, while they are in the cache.
#pragma once

#include <span>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir::kernels {

struct MeanVariance {
  std::vector<double> mean, variance;  // C each; the variance is the biased one
};

// For each panel and channel, over the live rows, the sums of d and d^2 with d = value - centre.
// Panels share nothing, and are added up in their order and in double: neither threads nor pieces
// change a bit.
class PanelMoments {
 public:
  // `centres`: C numbers, best near the means.
  explicit PanelMoments(std::span<const float> centres);

  // The images to come are like these, of F32 or BF16. Throws kUsage for other than C channels.
  void start(const Tensor& images);
  // Takes the sums of the panels (y, x) of block nb, for all x of `columns`. On any thread.
  void add(const Tensor& images, int nb, int y, Range columns);
  // Of all panels.
  void add(const Tensor& images);

  // Once all panels of `images` were added. A mean more than a standard deviation sqrt(variance +
  // eps) away from its centre would cost digits of the variance: all sums are then taken again,
  // around the means. The error of variance + eps stays below 170 * 2^-24 = 1e-5 of it.
  MeanVariance result(const Tensor& images, double eps);

 private:
  MeanVariance around_centres(int64_t count) const;
  bool near_centres(const MeanVariance& found, double eps) const;

  std::vector<float> centres_;
  Tensor sums_;  // (panels, 2, C)
};

}  // namespace weir::kernels
