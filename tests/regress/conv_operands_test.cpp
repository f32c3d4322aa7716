// conv2d and linear looked at shapes alone: images of bytes were read as floats, past their end,
// and a kernel of no taps divided by zero in the backward pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/conv2d.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using testing::message_of;

const Variable kWeight(Tensor::full({2, 3, 1, 1}, 1.f));

TEST(ConvOperands, MustBeFloats) {
  const Variable bytes(Tensor::images_zeros(1, 3, 4, 5, DType::kU8));
  const Variable x(Tensor::images_zeros(1, 3, 1, 1));
  const Variable whole(Tensor::zeros({2, 3}, DType::kI32));
  EXPECT_THAT(message_of([&] { conv2d(bytes, kWeight, {}); }),
              HasSubstr("x: expected images (N, C, H, W) of F32 or BF16"));
  EXPECT_THAT(message_of([&] { linear(x, whole, {}); }),
              HasSubstr("weight: expected floats, got I32"));
}

TEST(ConvOperands, AKernelHasTaps) {
  const Variable x(Tensor::images_zeros(1, 3, 4, 5));
  const Variable none(Tensor::zeros({2, 3, 0, 1}));
  EXPECT_THAT(message_of([&] { conv2d(x, none, {}); }), HasSubstr("kernel=0"));
}

}  // namespace
}  // namespace weir
