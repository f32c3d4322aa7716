#include "core/functions/cross_entropy.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using testing::random_images;

std::vector<int> some_labels(int n, int classes) {
  std::vector<int> labels;
  for (int i = 0; i < n; ++i) labels.push_back(i * 7 % classes);
  return labels;
}

// From the definition: mean over images of -sum_k target_k * log softmax_k, in long double.
double expected_loss(const Tensor& logits, const std::vector<int>& labels, double smoothing) {
  const std::vector<float> values = nchw_from_images(logits);
  const int classes = logits.c();
  long double total = 0;
  for (int i = 0; i < logits.n(); ++i) {
    long double sum = 0;
    for (int k = 0; k < classes; ++k)
      sum += std::exp(static_cast<long double>(values[i * classes + k]));
    for (int k = 0; k < classes; ++k) {
      const double target = (k == labels[i] ? 1 - smoothing : 0) + smoothing / classes;
      total -= target * (static_cast<long double>(values[i * classes + k]) - std::log(sum));
    }
  }
  return static_cast<double>(total / logits.n());
}

TEST(CrossEntropy, MatchesTheDefinition) {
  for (const auto& [n, classes] :
       std::vector<std::array<int, 2>>{{1, 10}, {3, 2}, {32, 10}, {33, 17}, {70, 100}}) {
    for (const double smoothing : {0.0, 0.1, 1.0}) {
      Tensor logits = random_images(n, classes, 1, 1, 1);
      for (int64_t i = 0; i < logits.stored(); ++i) logits.data()[i] *= 8.f;
      testing::fill_padded_rows(logits, 100.f);
      const std::vector<int> labels = some_labels(n, classes);
      const double expected = expected_loss(logits, labels, smoothing);
      const Variable loss = cross_entropy(Variable(logits), labels,
                                          {.label_smoothing = static_cast<float>(smoothing)});
      EXPECT_NEAR(loss.value().item(), expected, 1e-6 * expected) << n << " of " << classes;
    }
  }
}

TEST(CrossEntropy, GradientsAgreeWithDifferences) {
  const std::vector<int> labels = some_labels(33, 5);
  for (const float smoothing : {0.f, 0.2f}) {
    testing::gradcheck(
        [&](const std::vector<Variable>& in) {
          return cross_entropy(in[0], labels, {.label_smoothing = smoothing});
        },
        {Variable(random_images(33, 5, 1, 1, 1), true)});
  }
}

// (softmax - target) / N to float accuracy, scaled by the upstream gradient; nothing in padded
// rows.
TEST(CrossEntropy, GradientMatchesTheFormula) {
  const int n = 35, classes = 6;
  Tensor logits = random_images(n, classes, 1, 1, 1);
  testing::fill_padded_rows(logits, 3.f);
  const std::vector<int> labels = some_labels(n, classes);
  const Variable in(logits, true);
  Tape tape;
  const Variable loss = cross_entropy(in, labels, {.label_smoothing = 0.3f});
  testing::poison_next(logits, 3);
  tape.backward(testing::weighted_sum(loss, Tensor::full({1}, 5.f)));
  const Tensor probabilities = softmax(logits);
  const std::vector<float> gradient = nchw_from_images(in.grad());
  for (int i = 0; i < n * classes; ++i) {
    const double target = (i % classes == labels[i / classes] ? 0.7 : 0) + 0.3 / classes;
    ASSERT_NEAR(gradient[i], 5 * (double{probabilities.data()[i]} - target) / n, 1e-7);
  }
  testing::expect_padded_rows_zero(in.grad());
}

TEST(CrossEntropy, LargeLogitsDoNotOverflow) {
  Tensor logits = Tensor::images_zeros(2, 3, 1, 1);
  logits.data()[0] = 1e30f;
  logits.data()[4] = -1e30f;
  const std::vector<int> labels{0, 0};
  // Image 0 is certain and right: 0. Image 1: two equal, one impossible: log 2.
  EXPECT_NEAR(cross_entropy(Variable(logits), labels).value().item(), std::log(2.0) / 2, 1e-7);
  const Tensor probabilities = softmax(logits);
  EXPECT_EQ(probabilities.data()[0], 1.f);
  EXPECT_EQ(probabilities.data()[4], 0.f);
}

TEST(CrossEntropy, NanIsNotHidden) {
  Tensor logits = Tensor::images_zeros(2, 3, 1, 1);
  logits.data()[1] = std::nanf("");
  EXPECT_TRUE(std::isnan(cross_entropy(Variable(logits), std::vector<int>{0, 1}).value().item()));
  logits.data()[1] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(cross_entropy(Variable(logits), std::vector<int>{0, 1}).value().item()));
}

TEST(CrossEntropy, ThreadsDoNotChangeAByte) {
  const Tensor logits = random_images(700, 100, 1, 1, 1);
  const std::vector<int> labels = some_labels(700, 100);
  testing::expect_same_bytes_for_any_threads([&] {
    const Variable in(logits, true);
    Tape tape;
    const Variable loss = cross_entropy(in, labels);
    tape.backward(loss);
    return std::vector<Tensor>{loss.value(), in.grad(), softmax(logits)};
  });
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(CrossEntropy, ErrorsNameTheImageAndTheRange) {
  const Variable logits(Tensor::images_zeros(3, 10, 1, 1));
  EXPECT_THAT(message_of([&] {
                cross_entropy(logits, std::vector<int>{1, 10, 2});
              }),
              ::testing::HasSubstr("label of image 1: expected 0 to 9, got 10"));
  EXPECT_THAT(message_of([&] {
                cross_entropy(logits, std::vector<int>{1, -1, 2});
              }),
              ::testing::HasSubstr("got -1"));
  EXPECT_THAT(message_of([&] {
                cross_entropy(logits, std::vector<int>{1, 2});
              }),
              ::testing::HasSubstr("3 images, got 2"));
  EXPECT_THAT(message_of([&] {
                cross_entropy(logits, std::vector<int>{1, 2, 3}, {.label_smoothing = 1.5f});
              }),
              ::testing::HasSubstr("label_smoothing"));
  EXPECT_THAT(message_of([&] {
                softmax(Tensor::zeros({3, 10}));
              }),
              ::testing::HasSubstr("[softmax] logits"));
}

}  // namespace
}  // namespace weir
