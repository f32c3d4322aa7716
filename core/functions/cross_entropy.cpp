#include "core/functions/cross_entropy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/functions/require_logits.h"
#include "core/kernels/softmax.h"

namespace weir {
namespace {

// loss_i = log_sum_i - sum_k target_ik * logit_ik, the targets adding up to 1. In double, in order.
double mean_loss(const Tensor& logits, std::span<const int> labels,
                 std::span<const double> log_sums, double smoothing) {
  const int64_t classes = logits.c();
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const float* row = logits.data() + static_cast<int64_t>(i) * classes;
    double expected = (1 - smoothing) * double{row[labels[i]]};
    if (smoothing > 0) {
      double sum = 0;
      for (int64_t k = 0; k < classes; ++k) sum += double{row[k]};
      expected += smoothing * sum / static_cast<double>(classes);
    }
    total += log_sums[i] - expected;
  }
  return total / static_cast<double>(labels.size());
}

// dlogits = (probability - target) * scale, zero in padded rows.
Tensor logits_gradient(const Tensor& probabilities, std::span<const int> labels, float smoothing,
                       float scale) {
  const int64_t classes = probabilities.c();
  Tensor gradient = Tensor::like(probabilities);
  const float everywhere = smoothing / static_cast<float>(classes);
  for (size_t i = 0; i < labels.size(); ++i) {
    const int64_t row = static_cast<int64_t>(i) * classes;
    for (int64_t k = 0; k < classes; ++k) {
      gradient.data()[row + k] = (probabilities.data()[row + k] - everywhere) * scale;
    }
    gradient.data()[row + labels[i]] -= (1 - smoothing) * scale;
  }
  std::fill(gradient.data() + probabilities.numel(), gradient.data() + gradient.stored(), 0.f);
  return gradient;
}

}  // namespace

Variable cross_entropy(const Variable& logits, std::span<const int> labels,
                       const CrossEntropyOptions& options) {
  const Tensor in = logits.defined() ? logits.value() : Tensor();
  require_logits("cross_entropy", in);
  require_labels("cross_entropy", labels, in);
  const float smoothing = options.label_smoothing;
  require(smoothing >= 0 && smoothing <= 1,
          "[cross_entropy] label_smoothing: expected 0 to 1, got {}", smoothing);
  Tensor probabilities = Tensor::like(in);
  std::vector<double> log_sums(labels.size());
  kernels::softmax_rows(in, probabilities, log_sums);
  const double loss = mean_loss(in, labels, log_sums, double{smoothing});
  const bool recording = records({&logits});
  Variable out(Tensor::full({1}, static_cast<float>(loss)), recording);
  if (recording) {
    std::vector<int> kept_labels(labels.begin(), labels.end());
    Tape::active()->record(
        "cross_entropy", out,
        [input = logits.without_value(), probabilities, smoothing,
         kept = std::move(kept_labels)](const Tensor& grad) {
          const float scale = grad.item() / static_cast<float>(kept.size());
          input.accumulate_grad(logits_gradient(probabilities, kept, smoothing, scale));
        });
  }
  return out;
}

Tensor softmax(const Tensor& logits) {
  require_logits("softmax", logits);
  Tensor probabilities = Tensor::empty({logits.n(), logits.c()});
  std::vector<double> log_sums(static_cast<size_t>(logits.n()));
  kernels::softmax_rows(logits, probabilities, log_sums);
  return probabilities;
}

}  // namespace weir
