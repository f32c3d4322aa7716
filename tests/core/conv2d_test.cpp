#include "core/functions/conv2d.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kernels/conv/conv2d.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "tests/core/kernels/conv_case.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using kernels::Conv2dKernel;
using kernels::ConvShape;
using testing::message_of;
using testing::poisoned_like;
using testing::random_images;
using testing::random_plain;

using Case = testing::ConvCase;

// Height and width, kernel, stride, padding and dilation all differ; batches around the block
// of 32.
const Case kCases[] = {
    {.n = 1, .c = 3, .k = 5, .h = 7, .w = 9, .kernel = {3, 2}},
    {.n = 33, .c = 3, .k = 8, .h = 6, .w = 5, .kernel = {3, 3}, .padding = {1, 1}},
    {.n = 5,
     .c = 17,
     .k = 9,
     .h = 9,
     .w = 7,
     .kernel = {3, 5},
     .stride = {2, 1},
     .padding = {1, 2}},
    {.n = 32,
     .c = 20,
     .k = 16,
     .h = 8,
     .w = 11,
     .kernel = {2, 3},
     .stride = {3, 2},
     .padding = {0, 2},
     .dilation = {2, 1}},
    {.n = 40,
     .c = 16,
     .k = 4,
     .h = 10,
     .w = 6,
     .kernel = {3, 2},
     .padding = {2, 1},
     .dilation = {1, 3}},
    {.n = 3,
     .c = 6,
     .k = 9,
     .h = 7,
     .w = 5,
     .kernel = {3, 1},
     .stride = {1, 2},
     .padding = {1, 0},
     .groups = 3},
    {.n = 4,
     .c = 18,
     .k = 18,
     .h = 7,
     .w = 8,
     .kernel = {3, 5},
     .stride = {2, 1},
     .padding = {1, 2},
     .groups = 18},
    {.n = 2, .c = 5, .k = 10, .h = 6, .w = 6, .kernel = {3, 3}, .groups = 5},
    {.n = 31, .c = 19, .k = 7, .h = 4, .w = 3, .kernel = {4, 3}},  // the whole map
    {.n = 40, .c = 20, .k = 12, .h = 1, .w = 1, .kernel = {1, 1}},
    {.n = 36, .c = 6, .k = 17, .h = 9, .w = 12, .kernel = {5, 3}, .padding = {0, 2}},  // lanes
    {.n = 9, .c = 3, .k = 50, .h = 5, .w = 10, .kernel = {3, 3}, .padding = {2, 1}},
    {.n = 2, .c = 16, .k = 3, .h = 3, .w = 2, .kernel = {5, 4}, .padding = {2, 2}},  // kernel > map
    {.n = 33, .c = 17, .k = 20, .h = 9, .w = 7, .kernel = {3, 3}, .padding = {1, 1}},  // Winograd
    {.n = 5, .c = 40, .k = 16, .h = 6, .w = 11, .kernel = {3, 3}, .padding = {0, 2}},
    {.n = 2, .c = 16, .k = 50, .h = 2, .w = 5, .kernel = {3, 3}, .padding = {2, 1}},
    {.n = 2, .c = 300, .k = 700, .h = 3, .w = 3, .kernel = {3, 3}, .padding = {1, 1}},  // sliced dW
};

std::string describe(const Case& c, const Conv2dKernel& kernel) {
  return std::string(kernel.name) + " on n=" + std::to_string(c.n) + " c=" + std::to_string(c.c) +
         " k=" + std::to_string(c.k) + " map " + std::to_string(c.h) + "x" + std::to_string(c.w) +
         " isa " + isa();
}

// Both sides round: the fast kernel adds `terms` products in float, in some order, so the error is
// at most terms * eps * sum|a*b|; with values in [-1, 1] that is below eps * terms^2, and in
// practice near eps * terms. The reference rounds once.
void expect_close(const Tensor& fast, const Tensor& exact, int64_t terms, const std::string& what) {
  const double tolerance = 4.0 * 1.2e-7 * static_cast<double>(terms);
  ASSERT_EQ(fast.stored(), exact.stored());
  for (int64_t i = 0; i < fast.stored(); ++i) {
    ASSERT_NEAR(fast.data()[i], exact.data()[i], tolerance) << what << " at " << i;
  }
}

void compare_with_reference(const Case& c, const Conv2dKernel& kernel) {
  const ConvShape shape = c.shape();
  const Conv2dKernel& reference = kernels::kConvReference;
  const Tensor x = random_images(c.n, c.c, c.h, c.w, 1);
  const Tensor weight = random_plain({c.k, c.c / c.groups, c.kernel[0], c.kernel[1]}, 2);
  const Tensor bias = random_plain({c.k}, 3);
  const Tensor dy = random_images(c.n, c.k, shape.window.y.out(), shape.window.x.out(), 4);
  const std::string what = describe(c, kernel);
  const int64_t per_output = int64_t{shape.taps()} * shape.group_c() + 1;

  Tensor y = poisoned_like(dy), y_exact = poisoned_like(dy);
  kernel.forward(shape, x, weight, {.bias = bias.data()}, y);
  reference.forward(shape, x, weight, {.bias = bias.data()}, y_exact);
  expect_close(y, y_exact, per_output, what + ", forward");

  Tensor dx = poisoned_like(x), dx_exact = poisoned_like(x);
  kernel.backward_data(shape, dy, weight, dx);
  reference.backward_data(shape, dy, weight, dx_exact);
  expect_close(dx, dx_exact, int64_t{shape.taps()} * shape.group_k(), what + ", backward data");

  Tensor dw = poisoned_like(weight), dw_exact = poisoned_like(weight);
  kernel.backward_weights(shape, x, dy, dw);
  reference.backward_weights(shape, x, dy, dw_exact);
  expect_close(dw, dw_exact, int64_t{c.n} * dy.h() * dy.w(), what + ", backward weights");
}

TEST(Conv2dKernels, EqualTheReferenceOnEveryInstructionSet) {
  const std::string before = isa();
  for (const std::string& name : available_isas()) {
    set_isa(name);
    for (const Case& c : kCases) {
      for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
        if (kernel != &kernels::kConvReference && kernel->accepts(c.shape(), DType::kF32)) {
          compare_with_reference(c, *kernel);
        }
      }
    }
  }
  set_isa(before);
}

// Every case, because kernels cut their sums in different ways.
TEST(Conv2dKernels, ThreadsNeverChangeAByte) {
  for (const Case& c : kCases) {
    const ConvShape shape = c.shape();
    const Tensor x = random_images(c.n, c.c, c.h, c.w, 1);
    const Tensor dy = random_images(c.n, c.k, shape.window.y.out(), shape.window.x.out(), 4);
    const Tensor weight = random_plain({c.k, c.c / c.groups, c.kernel[0], c.kernel[1]}, 2);
    const Conv2dKernel& kernel = kernels::choose_conv2d(shape, DType::kF32);
    std::vector<std::vector<float>> results;
    for (int count : {1, 2, 4}) {
      set_threads(count);
      Tensor dw = Tensor::like(weight);
      kernel.backward_weights(shape, x, dy, dw);
      results.emplace_back(dw.data(), dw.data() + dw.numel());
    }
    EXPECT_EQ(results[0], results[1]) << describe(c, kernel);
    EXPECT_EQ(results[0], results[2]) << describe(c, kernel);
  }
  set_threads(0);
}

TEST(Conv2dKernels, ChooseByShape) {
  const auto chosen = [](const Case& c) {
    return std::string(kernels::choose_conv2d(c.shape(), DType::kF32).name);
  };
  EXPECT_EQ(chosen(kCases[0]), "lanes");
  EXPECT_EQ(chosen(kCases[8]), "dense");
  EXPECT_EQ(chosen(kCases[2]), "panels");
  EXPECT_EQ(chosen(kCases[5]), "panels");
  EXPECT_EQ(chosen(kCases[6]), "depthwise");
  const std::string before = isa();
  set_isa("scalar");
  EXPECT_EQ(chosen(kCases[2]), "taps") << "OpenBLAS has assembly where we have none";
  set_isa(before);
}

TEST(Conv2d, MatchesAHandComputedExample) {
  // The chapter's 4x4 grid under a 2x2 kernel of ones: sums of windows.
  const std::vector<float> grid{1, 3, 2, 4, 5, 6, 1, 2, 7, 2, 3, 1, 4, 8, 5, 6};
  const Variable x(images_from_nchw(grid.data(), 1, 1, 4, 4));
  const Variable weight(Tensor::full({1, 1, 2, 2}, 1.f));
  const Variable bias(Tensor::full({1}, 0.5f));
  const Variable y = conv2d(x, weight, bias, {.stride = {2, 2}});
  EXPECT_THAT(nchw_from_images(y.value()), ::testing::ElementsAre(15.5f, 9.5f, 21.5f, 15.5f));
}

TEST(Linear, EqualsAMatrixProductInFlattenOrder) {
  const int n = 3, c = 4, h = 2, w = 3, out = 5;
  const auto x = testing::random_values(n * c * h * w, 1);
  const auto weight = testing::random_values(out * c * h * w, 2);
  const Variable y = linear(Variable(images_from_nchw(x.data(), n, c, h, w)),
                            Variable(Tensor::from(weight, {out, c * h * w})), {});
  const std::vector<float> values = nchw_from_images(y.value());
  for (int i = 0; i < n; ++i) {
    for (int o = 0; o < out; ++o) {
      double sum = 0;
      for (int f = 0; f < c * h * w; ++f) {
        sum += double{x[static_cast<size_t>(i * c * h * w + f)]} *
               double{weight[static_cast<size_t>(o * c * h * w + f)]};
      }
      EXPECT_NEAR(values[static_cast<size_t>(i * out + o)], sum, 24 * 1.2e-7);
    }
  }
}

TEST(Conv2d, ErrorsShowTheNumbers) {
  using ::testing::HasSubstr;
  const Variable x(random_images(2, 3, 4, 4, 1));
  EXPECT_THAT(message_of([&] {
                conv2d(x, Variable(random_plain({8, 3, 5, 5}, 2)), {});
              }),
              HasSubstr("floor((4 + 2*0 - 1*(5-1) - 1) / 1) + 1 = 0"));
  EXPECT_THAT(message_of([&] {
                conv2d(x, Variable(random_plain({8, 4, 3, 3}, 2)), {});
              }),
              HasSubstr("takes 4 input channels, got images (2, 3, 4, 4)"));
  EXPECT_THAT(message_of([&] {
                conv2d(x, Variable(random_plain({8, 1, 3, 3}, 2)), {}, {.groups = 2});
              }),
              HasSubstr("groups=2 must divide 3 input and 8 output channels"));
  EXPECT_THAT(message_of([&] {
                linear(x, Variable(random_plain({8, 47}, 2)), {});
              }),
              HasSubstr("does not take the 48 features"));
}

}  // namespace
}  // namespace weir
