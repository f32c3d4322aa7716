#include "core/functions/class_score.h"

#include <vector>

#include "core/functions/require_logits.h"

namespace weir {

Variable class_score(const Variable& logits, std::span<const int> classes) {
  const Tensor in = logits.defined() ? logits.value() : Tensor();
  require_logits("class_score", in);
  require_labels("class_score", classes, in);
  // A pixel's panels lie one behind the other: image n's row starts at n * K.
  const int64_t columns = in.c();
  double sum = 0;
  for (size_t n = 0; n < classes.size(); ++n) {
    sum += double{in.data()[static_cast<int64_t>(n) * columns + classes[n]]};
  }
  const bool recording = records({&logits});
  Variable score(Tensor::full({1}, static_cast<float>(sum)), recording);
  if (recording) {
    const std::vector<int> kept(classes.begin(), classes.end());
    Tape::active()->record("class_score", score, [logits, kept, columns](const Tensor& grad) {
      Tensor gradient = Tensor::zeros_like(logits.value());
      for (size_t n = 0; n < kept.size(); ++n) {
        gradient.data()[static_cast<int64_t>(n) * columns + kept[n]] = grad.item();
      }
      logits.accumulate_grad(std::move(gradient));
    });
  }
  return score;
}

}  // namespace weir
