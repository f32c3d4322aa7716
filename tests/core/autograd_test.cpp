#include <gtest/gtest.h>

#include "core/autograd/variable.h"
#include "core/base/error.h"
#include "core/functions/activation.h"
#include "core/functions/conv2d.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::gradcheck;
using testing::random_images;
using testing::random_plain;
using testing::weighted_sum;

TEST(Tape, WithoutOneNothingIsRecorded) {
  const Variable x(random_images(2, 3, 4, 4, 1), true);
  EXPECT_EQ(Tape::active(), nullptr);
  EXPECT_FALSE(relu(x).requires_grad());
}

TEST(Tape, NestedTapesRecordInTheInnermost) {
  Tape outer;
  EXPECT_EQ(Tape::active(), &outer);
  {
    Tape inner;
    EXPECT_EQ(Tape::active(), &inner);
  }
  EXPECT_EQ(Tape::active(), &outer);
}

TEST(Tape, GradientsOfAVariableUsedTwiceAddUp) {
  const Variable x(random_images(2, 3, 4, 4, 1), true);
  const Tensor ones = [&] {
    Tensor t = Tensor::like(x.value());
    std::fill_n(t.data(), t.stored(), 1.f);
    return t;
  }();
  Tape tape;
  Variable first = weighted_sum(x, ones), second = weighted_sum(x, ones);
  Variable total(Tensor::full({1}, first.value().item() + second.value().item()), true);
  tape.record("add", total, [first, second](const Tensor& grad) {
    first.accumulate_grad(grad);
    second.accumulate_grad(grad);
  });
  tape.backward(total);
  for (int64_t i = 0; i < x.grad().stored(); ++i) EXPECT_EQ(x.grad().data()[i], 2.f);
}

TEST(Tape, ANodeMayWriteIntoItsGradient) {
  const Variable x(random_images(2, 3, 4, 4, 1), true);
  Tape tape;
  const Variable y(x.value(), true), root(Tensor::full({1}, 0.f), true);
  tape.record("in place", y, [&x](Tensor dy) {
    EXPECT_TRUE(dy.unshared());
    *dy.data() = 7.f;
    x.accumulate_grad(std::move(dy));
  });
  const float* memory = nullptr;
  tape.record("upstream", root, [&](const Tensor&) {
    Tensor dy = random_images(2, 3, 4, 4, 2);
    memory = dy.data();
    y.accumulate_grad(std::move(dy));
  });
  tape.backward(root);
  EXPECT_EQ(x.grad().data(), memory);
  EXPECT_EQ(*x.grad().data(), 7.f);
}

// One gradient passed on to two inputs, of which the first gets a second contribution and the other
// sits behind a ReLU that would like to work in place.
TEST(Tape, AGradientPassedOnIsNotChanged) {
  const Variable a(random_images(2, 3, 4, 4, 1), true), b(random_images(2, 3, 4, 4, 2), true);
  const Tensor upstream = random_images(2, 3, 4, 4, 3);
  Tape tape;
  const Variable rectified = relu(b), root(Tensor::full({1}, 0.f), true);
  tape.record("pass on twice", root, [&](const Tensor&) {
    a.accumulate_grad(upstream);
    rectified.accumulate_grad(upstream);
    a.accumulate_grad(upstream);
  });
  const Tensor before = upstream.clone();
  tape.backward(root);
  for (int64_t i = 0; i < upstream.stored(); ++i) {
    EXPECT_EQ(upstream.data()[i], before.data()[i]);
    EXPECT_EQ(a.grad().data()[i], 2 * before.data()[i]);
    EXPECT_EQ(b.grad().data()[i], b.value().data()[i] > 0 ? before.data()[i] : 0.f);
  }
}

TEST(Tape, BackwardStartsAtOneNumber) {
  const Variable x(random_images(2, 3, 4, 4, 1), true);
  Tape tape;
  EXPECT_THROW(tape.backward(relu(x)), Error);
}

TEST(Tape, ErrorsOfBackwardNameTheOperation) {
  const Variable root(Tensor::full({1}, 1.f), true);
  Tape tape;
  tape.record("broken", root, [](const Tensor&) { fail(ErrorKind::kInternal, "out of ideas"); });
  try {
    tape.backward(root);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInternal);
    EXPECT_STREQ(error.what(), "backward of broken: out of ideas");
  }
}

TEST(Tape, ParametersKeepTheirGradientAndAccumulateOverSteps) {
  Variable weight(random_plain({1, 12}, 2), true);
  const Variable x(random_images(1, 3, 2, 2, 1));
  std::vector<float> once;
  for (int step = 1; step <= 2; ++step) {
    Tape tape;
    tape.backward(linear(x, weight, {}));
    if (step == 1) once.assign(weight.grad().data(), weight.grad().data() + 12);
  }
  for (size_t i = 0; i < 12; ++i) EXPECT_EQ(weight.grad().data()[i], 2 * once[i]);
  weight.clear_grad();
  EXPECT_FALSE(weight.grad().defined());
}

struct ConvCase {
  int n, c, k, h, w;
  Shape weight;
  Conv2dOptions options;
};

class ConvGradients : public ::testing::TestWithParam<ConvCase> {};

TEST_P(ConvGradients, EqualDifferences) {
  const ConvCase& c = GetParam();
  gradcheck([&](const std::vector<Variable>& in) { return conv2d(in[0], in[1], in[2], c.options); },
            {Variable(random_images(c.n, c.c, c.h, c.w, 1), true),
             Variable(random_plain(c.weight, 2), true), Variable(random_plain({c.k}, 3), true)});
}

INSTANTIATE_TEST_SUITE_P(
    Sweep, ConvGradients,
    ::testing::Values(ConvCase{2, 3, 4, 5, 7, {4, 3, 3, 2}, {.stride = {1, 2}, .padding = {1, 0}}},
                      ConvCase{
                          1, 17, 5, 6, 4, {5, 17, 2, 3}, {.padding = {0, 2}, .dilation = {2, 1}}},
                      ConvCase{33, 4, 4, 3, 5, {4, 1, 3, 3}, {.padding = {1, 1}, .groups = 4}},
                      ConvCase{3, 6, 4, 7, 5, {4, 3, 3, 1}, {.stride = {3, 1}, .groups = 2}}));

// A shared gradient must survive the mask of the ReLU, which works in place.
TEST(FusedConv, GradientsOfReluLeaveASharedGradientAlone) {
  const Variable x(random_images(2, 3, 4, 4, 1)), weight(random_plain({5, 3, 1, 1}, 2), true);
  const Tensor upstream = random_images(2, 5, 4, 4, 3), before = upstream.clone();
  Tape tape;
  const Variable y = conv2d(x, weight, {}, {.relu = true}), root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(upstream); });
  tape.backward(root);
  for (int64_t i = 0; i < upstream.stored(); ++i) {
    EXPECT_EQ(upstream.data()[i], before.data()[i]);
  }
}

TEST(FusedConv, DropoutNeedsRelu) {
  const Variable x(random_images(2, 3, 1, 1, 1)), weight(random_plain({5, 3}, 2));
  EXPECT_EQ(testing::message_of([&] { linear(x, weight, {}, {.dropout = DropoutOptions{}}); }),
            "[linear] dropout: expected relu in front of it; call dropout() instead");
  EXPECT_THROW(linear(x, weight, {}, {.relu = true, .dropout = DropoutOptions{.p = 1.f}}), Error);
}

TEST(LinearGradients, EqualDifferences) {
  gradcheck([](const std::vector<Variable>& in) { return linear(in[0], in[1], in[2]); },
            {Variable(random_images(34, 3, 2, 4, 1), true),
             Variable(random_plain({5, 24}, 2), true), Variable(random_plain({5}, 3), true)});
}

}  // namespace
}  // namespace weir
