#include "core/functions/class_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

// 33 images: a second block with padded rows, which hold garbage.
TEST(ClassScore, AddsTheScoreOfEachImagesClass) {
  constexpr int kImages = 33, kClasses = 5;
  Tensor logits = testing::random_images(kImages, kClasses, 1, 1, 1);
  testing::fill_padded_rows(logits, 100.f);
  const std::vector<float> values = nchw_from_images(logits);
  std::vector<int> classes;
  double expected = 0;
  for (int n = 0; n < kImages; ++n) {
    classes.push_back(n * 3 % kClasses);
    expected += double{values[n * kClasses + classes.back()]};
  }
  // One rounding, of the sum.
  EXPECT_FLOAT_EQ(class_score(Variable(logits), classes).value().item(),
                  static_cast<float>(expected));
}

TEST(ClassScore, TheGradientIsOneAtTheClass) {
  const Variable logits(testing::random_images(33, 4, 1, 1, 2), true);
  std::vector<int> classes(33, 2);
  classes[32] = 3;
  Tape tape;
  tape.backward(class_score(logits, classes));
  const std::vector<float> gradient = nchw_from_images(logits.grad());
  for (int n = 0; n < 33; ++n) {
    for (int k = 0; k < 4; ++k) EXPECT_EQ(gradient[n * 4 + k], k == classes[n] ? 1.f : 0.f);
  }
  for (int64_t i = 33 * 4; i < logits.grad().stored(); ++i) EXPECT_EQ(logits.grad().data()[i], 0);
}

TEST(ClassScore, ErrorsNameTheImageAndTheRange) {
  const Variable logits(Tensor::images_zeros(3, 10, 1, 1));
  const auto message = [&](const std::vector<int>& classes) {
    return testing::message_of([&] { class_score(logits, classes); });
  };
  EXPECT_THAT(message({1, 10, 2}), HasSubstr("[class_score] label of image 1: expected 0 to 9"));
  EXPECT_THAT(message({1, 2}), HasSubstr("3 images, got 2"));
  EXPECT_THAT(testing::message_of([] {
                class_score(Variable(Tensor::images_zeros(1, 2, 3, 3)), std::vector<int>{0});
              }),
              HasSubstr("[class_score] logits: expected F32 images (N, K, 1, 1)"));
}

}  // namespace
}  // namespace weir
