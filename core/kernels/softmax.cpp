#include "core/kernels/softmax.h"

#include <algorithm>
#include <cmath>

#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Subtracting the maximum keeps every exponential at most 1.
double softmax_row(const float* logits, int64_t classes, float* probabilities) {
  const double most = double{*std::max_element(logits, logits + classes)};
  double sum = 0;
  for (int64_t k = 0; k < classes; ++k) sum += std::exp(double{logits[k]} - most);
  const double log_sum = most + std::log(sum);
  for (int64_t k = 0; k < classes; ++k) {
    probabilities[k] = static_cast<float>(std::exp(double{logits[k]} - log_sum));
  }
  return log_sum;
}

}  // namespace

void softmax_rows(const Tensor& logits, Tensor& probabilities, std::span<double> log_sums) {
  constexpr int64_t kExponentialsPerPiece = 4096;  // some 50 microseconds
  const int64_t classes = logits.c();
  const int64_t grain = std::max<int64_t>(kExponentialsPerPiece / classes, 1);
  parallel_ranges(logits.n(), grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      log_sums[static_cast<size_t>(i)] =
          softmax_row(logits.data() + i * classes, classes, probabilities.data() + i * classes);
    }
  });
}

}  // namespace weir::kernels
