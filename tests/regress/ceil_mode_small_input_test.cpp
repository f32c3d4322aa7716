// With ceil_mode, PyTorch takes a window that is larger than its input by less than the stride: its
// one position hangs over the edge. Such inputs were refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/pool2d.h"
#include "core/tensor/layout.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::ElementsAre;

Variable two_by_two() {
  const float values[] = {0, 1, 2, 3};
  return Variable(images_from_nchw(values, 1, 1, 2, 2), true);
}

// The expected numbers are those of PyTorch 1.13.
TEST(CeilModeSmallInput, ValuesArePyTorchs) {
  const Variable x = two_by_two();
  const auto values = [](const Variable& y) { return nchw_from_images(y.value()); };
  const MaxPool2dOptions max{.kernel_size = {4, 4}, .stride = {{3, 3}}, .ceil_mode = true};
  EXPECT_THAT(values(max_pool2d(x, max)), ElementsAre(3.f));
  AvgPool2dOptions avg{
      .kernel_size = {5, 5}, .stride = {{4, 4}}, .padding = {1, 1}, .ceil_mode = true};
  EXPECT_THAT(values(avg_pool2d(x, avg)), ElementsAre(0.375f));
  avg.count_include_pad = false;
  EXPECT_THAT(values(avg_pool2d(x, avg)), ElementsAre(1.5f));
}

TEST(CeilModeSmallInput, GradientsReachEveryInput) {
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return avg_pool2d(in[0], {.kernel_size = {3, 3}, .stride = {{2, 2}}, .ceil_mode = true});
      },
      {two_by_two()});
}

TEST(CeilModeSmallInput, HangingOverByAStrideIsTooMuch) {
  const MaxPool2dOptions options{.kernel_size = {4, 4}, .stride = {{2, 2}}, .ceil_mode = true};
  EXPECT_THAT(testing::message_of([&] { max_pool2d(two_by_two(), options); }),
              ::testing::HasSubstr("ceil((2 + 2*0 - 1*(4-1) - 1) / 2) + 1 = 0"));
}

}  // namespace
}  // namespace weir
