#include "datasets/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/expect_error.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using testing_support::expect_error;

// Class c has sizes[c] pictures, the classes interleaved.
std::vector<int> labels_of(std::vector<int> sizes) {
  std::vector<int> labels;
  for (bool any = true; any;) {
    any = false;
    for (size_t c = 0; c < sizes.size(); ++c) {
      if (sizes[c] == 0) continue;
      labels.push_back(static_cast<int>(c));
      --sizes[c];
      any = true;
    }
  }
  return labels;
}

std::vector<int> class_counts(const std::vector<int>& labels, const std::vector<int>& indices,
                              int classes) {
  std::vector<int> counts(static_cast<size_t>(classes), 0);
  for (const int i : indices) ++counts[static_cast<size_t>(labels[static_cast<size_t>(i)])];
  return counts;
}

void expect_partition(const Split& split, size_t count) {
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  std::vector<int> all = split.train, expected(count);
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  std::sort(all.begin(), all.end());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

TEST(StratifiedSplit, TotalIsExactAndEveryClassWithinOneOfItsShare) {
  const std::vector<int> sizes = {101, 7, 33, 1, 58};
  const std::vector<int> labels = labels_of(sizes);
  for (const double fraction : {0.0, 0.1, 0.15, 0.37, 0.5, 0.999}) {
    const Split split = stratified_split(labels, 5, fraction, 3);
    expect_partition(split, labels.size());
    const double total = std::round(fraction * 200);
    EXPECT_EQ(static_cast<double>(split.validation.size()), total);
    const std::vector<int> counts = class_counts(labels, split.validation, 5);
    for (size_t c = 0; c < sizes.size(); ++c) {
      EXPECT_LT(std::abs(counts[c] - sizes[c] * total / 200), 1.0) << "class " << c;
    }
  }
}

TEST(StratifiedSplit, LargestRemaindersGetTheRest) {
  // 10% of 24 + 19 + 17 = 60 is 6; shares 2.4, 1.9, 1.7: the last two are rounded up.
  const std::vector<int> labels = labels_of({24, 19, 17});
  const Split split = stratified_split(labels, 3, 0.1, 0);
  EXPECT_THAT(class_counts(labels, split.validation, 3), ElementsAre(2, 2, 2));
}

TEST(StratifiedSplit, SeedChoosesThePictures) {
  const std::vector<int> labels = labels_of({50, 50});
  const Split first = stratified_split(labels, 2, 0.2, 1);
  EXPECT_EQ(first.validation, stratified_split(labels, 2, 0.2, 1).validation);
  EXPECT_NE(first.validation, stratified_split(labels, 2, 0.2, 2).validation);
}

TEST(StratifiedSplit, RefusesBadFractionsAndLabels) {
  const auto refuses = [](const std::vector<int>& labels, double fraction, ErrorKind kind,
                          const char* part) {
    expect_error([&] { stratified_split(labels, 2, fraction, 0); }, kind, {part});
  };
  for (const double fraction : {-0.1, 1.0, 2.0, std::nan("")}) {
    refuses({0, 1}, fraction, ErrorKind::kUsage, "at least 0 and below 1");
  }
  refuses({0, 1, 2}, 0.5, ErrorKind::kData, "picture 2 has label 2");
  refuses({0, -1}, 0.5, ErrorKind::kData, "picture 1 has label -1");
}

TEST(StratifiedLimit, TakesTheFirstOfEachClass) {
  // Indices of class 0: 0 2 4 6 7 8; of class 1: 1 3 5. Six of nine: four and two.
  const std::vector<int> labels = labels_of({6, 3});
  EXPECT_THAT(stratified_limit(labels, 2, 6), ElementsAre(0, 1, 2, 3, 4, 6));
}

TEST(StratifiedLimit, KeepsAllWhenThereAreFewer) {
  const std::vector<int> labels = labels_of({2, 1});
  EXPECT_THAT(stratified_limit(labels, 2, 3), ElementsAre(0, 1, 2));
  EXPECT_THAT(stratified_limit(labels, 2, 100), ElementsAre(0, 1, 2));
}

TEST(StratifiedLimit, RefusesNothing) {
  for (const int count : {0, -5}) {
    expect_error(
        [&] {
          stratified_limit(labels_of({2, 1}), 2, count);
        },
        ErrorKind::kUsage, {"leaves nothing"});
  }
}

}  // namespace
}  // namespace weir
