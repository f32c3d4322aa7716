#include "train/metrics/scores.h"

#include <algorithm>
#include <numeric>

namespace weir {

void Scores::add(const Tensor& logits, std::span<const int> labels, double mean_loss) {
  constexpr int kTop = 5;
  const auto classes = static_cast<size_t>(logits.c());
  for (size_t i = 0; i < labels.size(); ++i) {
    const int image = static_cast<int>(i);
    const float* row = logits.panel(image / logits.block(), 0, 0) +
                       static_cast<size_t>(image % logits.block()) * classes;
    const int rank = rank_of({row, classes}, labels[i]);
    correct += rank == 0;
    correct_top5 += rank < kTop;
  }
  const auto images = static_cast<int64_t>(labels.size());
  count += images;
  loss_sum += mean_loss * static_cast<double>(images);
}

int rank_of(std::span<const float> values, int label) {
  const float own = values[static_cast<size_t>(label)];
  int rank = 0;
  for (size_t k = 0; k < values.size(); ++k) {
    rank += values[k] > own || (values[k] == own && static_cast<int>(k) < label);
  }
  return rank;
}

std::vector<int> top_classes(std::span<const float> values, int count) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return values[static_cast<size_t>(a)] > values[static_cast<size_t>(b)];
  });
  order.resize(std::min(order.size(), static_cast<size_t>(count)));
  return order;
}

}  // namespace weir
