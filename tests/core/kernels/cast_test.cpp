#include "core/functions/cast.h"

#include <bit>

#include <gtest/gtest.h>

#include "core/kernels/cast.h"
#include "core/runtime/philox.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::rounded;
using testing::widened;

// Every kind of number: random bits hold NaN, infinities and denormals, and half of them are made
// ties.
Tensor any_floats(int64_t count) {
  Philox random(5, Purpose::kTest);
  Tensor tensor = Tensor::empty({count});
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t bits = i % 2 == 0 ? random.next() : (random.next() & 0xFFFF0000) | 0x8000;
    tensor.data()[i] = std::bit_cast<float>(i % 7 == 0 ? bits | 0x7F800000 : bits);
  }
  return tensor;
}

TEST(Cast, RoundsAndWidensEveryNumberOnEveryIsa) {
  testing::for_each_isa([] {
    for (const int64_t n : {1, 2, 15, 16, 17, 33, 16385, 50001}) {
      const Tensor floats = any_floats(n), halves = rounded(floats);
      Tensor found = testing::poisoned_like(halves), back = testing::poisoned_like(floats);
      kernels::cast(floats, found);
      testing::expect_same_bytes(found, halves);
      kernels::cast(found, back);
      testing::expect_same_bytes(back, widened(halves));
    }
  });
}

TEST(Cast, ThreadsDoNotChangeAByte) {
  const Tensor floats = any_floats(100001);
  testing::expect_same_bytes_for_any_threads([&] {
    Tensor halves = Tensor::like(floats, DType::kBF16);
    kernels::cast(floats, halves);
    return std::vector<Tensor>{halves};
  });
}

TEST(Cast, GradientsTakeTheWayBack) {
  const Variable x(testing::random_images(33, 3, 2, 5, 1), true);
  Tape tape;
  const Variable halves = cast(x, DType::kBF16);
  EXPECT_EQ(halves.value().dtype(), DType::kBF16);
  EXPECT_EQ(halves.value().block(), x.value().block());
  const Variable y = cast(halves, DType::kF32);
  testing::expect_same_bytes(y.value(), widened(rounded(x.value())));
  const Tensor upstream = testing::upstream_for(y.value());
  tape.backward(testing::weighted_sum(y, upstream));
  testing::expect_same_bytes(x.grad(), widened(rounded(upstream)));
}

TEST(Cast, ReturnsWhatIsOfTheTypeAlready) {
  const Variable x(Tensor::zeros({3}));
  EXPECT_EQ(cast(x, DType::kF32).value().data(), x.value().data());
}

TEST(Cast, RefusesOtherTypes) {
  EXPECT_NE(testing::message_of([] { cast(Variable(), DType::kF32); }).find("nothing"),
            std::string::npos);
  EXPECT_NE(testing::message_of([] {
              cast(Variable(Tensor::zeros({3}, DType::kU8)), DType::kF32);
            }).find("got U8"),
            std::string::npos);
  EXPECT_NE(
      testing::message_of([] { cast(Variable(Tensor::zeros({3})), DType::kI64); }).find("I64"),
      std::string::npos);
}

}  // namespace
}  // namespace weir
