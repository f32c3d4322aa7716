#include "core/kernels/conv/conv_choice.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/conv2d.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using kernels::ConvChoices;
using kernels::ConvPass;
using kernels::ConvShape;
using kernels::PassKernels;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// 3x3 at stride 1 from 16 channels: depthwise and dense do not take it, the others do.
const ConvShape kShape{
    .c = 16, .k = 18, .window = {{.in = 6, .kernel = 3, .pad = 1}, {.in = 5, .kernel = 3}}};
const char* const kText =
    "F32 16x6x5 to 18, kernel 3x3, stride 1x1, padding 1x0, dilation 1x1, groups 1";

TEST(ConvChoice, ShapesHaveReadableNames) {
  EXPECT_EQ(kernels::text_of(kShape, DType::kF32), kText);
  EXPECT_THAT(kernels::text_of(kShape, DType::kBF16), HasSubstr("BF16 16x6x5"));
}

TEST(ConvChoice, TextIsReadBack) {
  ConvChoices choices;
  choices.choose(kShape, DType::kF32, ConvPass::kBackwardData, kernels::kConvReference);
  choices.choose(kShape, DType::kBF16, ConvPass::kForward, kernels::kConvWidened);
  const ConvChoices again = ConvChoices::parse(choices.text(), "file");
  EXPECT_EQ(again.text(), choices.text());
  const PassKernels none{};
  EXPECT_EQ(again.find(kShape, DType::kF32), (PassKernels{nullptr, &kernels::kConvReference}));
  EXPECT_EQ(again.find(kShape, DType::kBF16), (PassKernels{&kernels::kConvWidened}));
  ConvShape other = kShape;
  other.window.x.pad = 1;
  EXPECT_EQ(again.find(other, DType::kF32), none);
}

TEST(ConvChoice, NewerChoicesReplaceOnlyTheirOwn) {
  ConvChoices old, newer;
  old.choose(kShape, DType::kF32, ConvPass::kForward, kernels::kConvTaps);
  old.choose(kShape, DType::kF32, ConvPass::kBackwardData, kernels::kConvTaps);
  newer.choose(kShape, DType::kF32, ConvPass::kForward, kernels::kConvPanels);
  old.merge(newer);
  EXPECT_EQ(old.find(kShape, DType::kF32),
            (PassKernels{&kernels::kConvPanels, &kernels::kConvTaps}));
}

TEST(ConvChoice, FixedRuleFillsWhatIsNotChosen) {
  const kernels::Conv2dKernel* fixed = &kernels::choose_conv2d(kShape, DType::kF32);
  ASSERT_NE(fixed, &kernels::kConvReference);
  EXPECT_EQ(kernels::conv2d_kernels_for(kShape, DType::kF32), (PassKernels{fixed, fixed, fixed}));
  ConvChoices outer, inner;
  outer.choose(kShape, DType::kF32, ConvPass::kForward, kernels::kConvReference);
  const kernels::UseConvChoices use_outer(outer);
  const PassKernels expected{&kernels::kConvReference, fixed, fixed};
  EXPECT_EQ(kernels::conv2d_kernels_for(kShape, DType::kF32), expected);
  {
    const kernels::UseConvChoices use_inner(inner);
    EXPECT_EQ(kernels::conv2d_kernels_for(kShape, DType::kF32)[0], fixed);
  }
  EXPECT_EQ(kernels::conv2d_kernels_for(kShape, DType::kF32), expected);
}

void expect_same_bytes(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.stored(), b.stored());
  EXPECT_TRUE(std::equal(a.data(), a.data() + a.stored(), b.data()));
}

// Each pass by another kernel, whose sums differ in the last bits.
TEST(ConvChoice, Conv2dRunsTheChosenKernels) {
  ConvChoices choices;
  choices.choose(kShape, DType::kF32, ConvPass::kForward, kernels::kConvTaps);
  choices.choose(kShape, DType::kF32, ConvPass::kBackwardData, kernels::kConvReference);
  choices.choose(kShape, DType::kF32, ConvPass::kBackwardWeights, kernels::kConvPanels);
  const kernels::UseConvChoices use(choices);
  const Variable x(testing::random_images(3, 16, 6, 5, 1), true);
  const Variable weight(testing::random_plain({18, 16, 3, 3}, 2), true);
  const Tensor dy = testing::random_images(3, 18, 6, 3, 3);
  Tape tape;
  const Variable y = conv2d(x, weight, {}, {.padding = {1, 0}});
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(dy.clone()); });
  tape.backward(root);
  Tensor expected_y = Tensor::like(y.value()), dx = Tensor::like(x.value()),
         dw = Tensor::like(weight.value());
  kernels::kConvTaps.forward(kShape, x.value(), weight.value(), {}, expected_y);
  kernels::kConvReference.backward_data(kShape, dy, weight.value(), dx);
  kernels::kConvPanels.backward_weights(kShape, x.value(), dy, dw);
  expect_same_bytes(y.value(), expected_y);
  expect_same_bytes(x.grad(), dx);
  expect_same_bytes(weight.grad(), dw);
}

std::string error_of(const std::string& text) {
  return testing::message_of([&] { ConvChoices::parse(text, "table.json"); }, ErrorKind::kData);
}

std::string table(const std::string& key, const std::string& kernels) {
  return "{\"" + key + "\": " + kernels + "}";
}

TEST(ConvChoice, ErrorsNameFileAndEntry) {
  EXPECT_THAT(error_of("winograd"), HasSubstr("table.json: expected one JSON object"));
  EXPECT_THAT(error_of(table(kText, R"({"forward": "winogard"})")),
              AllOf(HasSubstr("table.json"), HasSubstr(kText), HasSubstr("forward"),
                    HasSubstr("did you mean 'winograd'?")));
  EXPECT_THAT(error_of(table(kText, R"({"foward": "panels"})")),
              HasSubstr("did you mean 'forward'?"));
  EXPECT_THAT(error_of(table(kText, R"({"forward": 3})")), HasSubstr("expected the name"));
  EXPECT_THAT(error_of(table(kText, "3")), HasSubstr("expected kernels by pass"));
  EXPECT_THAT(error_of(table(kText, R"({"forward": "depthwise"})")),
              HasSubstr("'depthwise' cannot compute it"));
}

TEST(ConvChoice, WhatCannotBeUsedHereIsLeftOutOnRequest) {
  const std::string text = table(
      kText, R"({"forward": "panels", "backward_data": "depthwise", "backward_weights": "new"})");
  std::vector<std::string> left_out;
  const ConvChoices choices = ConvChoices::parse(text, "table.json", &left_out);
  EXPECT_THAT(left_out, ElementsAre("depthwise", "new"));
  ConvChoices expected;
  expected.choose(kShape, DType::kF32, ConvPass::kForward, kernels::kConvPanels);
  EXPECT_EQ(choices.text(), expected.text());
  const std::string damaged = table(kText, R"({"foward": "panels"})");
  EXPECT_NE(testing::message_of([&] { ConvChoices::parse(damaged, "table.json", &left_out); },
                                ErrorKind::kData),
            "");
}

TEST(ConvChoice, OnlyConvolutionsAreEntries) {
  const std::string good = kText;
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& key :
       {std::string("conv1"), good + " ", changed("F32", "F64"), changed("16x", "0x"),
        changed("stride 1", "stride 0"), changed("groups 1", "groups 5"),
        changed("kernel 3", "kernel 9"), changed("padding 1", "padding -1"),
        changed("dilation 1", "dilation 99999999999")}) {
    EXPECT_THAT(error_of(table(key, R"({"forward": "panels"})")),
                AllOf(HasSubstr(key), HasSubstr("is no convolution")));
  }
  EXPECT_EQ(error_of(table(good, R"({"forward": "panels"})")), "");
}

}  // namespace
}  // namespace weir
