// A dilated window can step over a small image: its taps lie left and right of it. max_pool2d then
// gave -inf, which has no gradient.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/pool2d.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

MaxPool2dOptions two_taps(int dilation, int padding) {
  return {.kernel_size = {1, 2},
          .stride = std::array{1, 1},
          .padding = {0, padding},
          .dilation = {1, dilation}};
}

TEST(PoolWindowInPadding, IsRefused) {
  // Taps at -3 and 2 around the pixels 0 and 1.
  const Variable x(Tensor::images_zeros(1, 1, 1, 2));
  EXPECT_THAT(testing::message_of([&] { max_pool2d(x, two_taps(5, 3)); }),
              ::testing::HasSubstr("width: window 0 sees nothing but padding"));
}

TEST(PoolWindowInPadding, OneTapInsideIsEnough) {
  // Taps at -2 and 1, -1 and 2, 0 and 3, 1 and 4: one of the three pixels each.
  Variable images(Tensor::images(1, 1, 1, 3));
  for (int i = 0; i < 3; ++i) images.value().data()[i] = static_cast<float>(-1 - i);
  const Variable y = max_pool2d(images, two_taps(3, 2));
  ASSERT_EQ(y.value().w(), 4);
  EXPECT_EQ(y.value().data()[0], -2.f);
  EXPECT_EQ(y.value().data()[1], -3.f);
  EXPECT_EQ(y.value().data()[2], -1.f);
  EXPECT_EQ(y.value().data()[3], -2.f);
}

}  // namespace
}  // namespace weir
