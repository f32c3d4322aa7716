// Counting while batches pass: loss and accuracy.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// Sums over the pictures seen so far.
struct Scores {
  double loss_sum = 0;
  int64_t count = 0, correct = 0, correct_top5 = 0;

  // logits (N, K, 1, 1) in image blocks, `mean_loss` over these N pictures. A picture is correct
  // when no other class has a larger logit; among equal ones the lower class wins.
  void add(const Tensor& logits, std::span<const int> labels, double mean_loss);
  double loss() const { return count > 0 ? loss_sum / static_cast<double>(count) : 0; }
  double accuracy() const { return share(correct); }
  double accuracy_top5() const { return share(correct_top5); }

 private:
  double share(int64_t part) const {
    return count > 0 ? static_cast<double>(part) / static_cast<double>(count) : 0;
  }
};

// The place of class `label` when classes are sorted by falling value: 0 is the largest. Of equal
// values the lower class comes first. NaN is never larger than anything.
int rank_of(std::span<const float> values, int label);

// The `count` classes with the largest values, largest first, ties as above.
std::vector<int> top_classes(std::span<const float> values, int count);

}  // namespace weir
