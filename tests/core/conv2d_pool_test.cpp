// A convolution that pools in the same call against its parts, one after the other.
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <variant>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/functions/activation.h"
#include "core/functions/conv2d.h"
#include "core/functions/pooling.h"
#include "core/kernels/cast.h"
#include "core/kernels/conv/conv_choice.h"
#include "core/runtime/memory.h"
#include "tests/core/kernels/conditions.h"
#include "tests/core/kernels/conv_case.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using kernels::Conv2dKernel;
using testing::ConvCase;
using testing::expect_same_bytes;
using testing::message_of;
using testing::random_images;
using testing::random_plain;

// Something for every kernel: few channels, Winograd, strides, depthwise, the whole map; rows of
// tiles that hang over, and batches around the block of 32.
const ConvCase kConvs[] = {
    {.n = 33, .c = 3, .k = 8, .h = 9, .w = 7, .kernel = {3, 3}, .padding = {1, 1}},
    {.n = 5, .c = 3, .k = 30, .h = 6, .w = 8, .kernel = {3, 2}, .padding = {1, 0}},
    {.n = 34, .c = 17, .k = 20, .h = 7, .w = 11, .kernel = {3, 3}, .padding = {1, 1}},
    {.n = 2, .c = 16, .k = 18, .h = 13, .w = 6, .kernel = {3, 2}, .stride = {2, 1}},
    {.n = 3, .c = 6, .k = 6, .h = 8, .w = 5, .kernel = {2, 1}, .groups = 6},
    {.n = 4, .c = 5, .k = 7, .h = 4, .w = 3, .kernel = {4, 3}},
};

// Tiled, overlapping and padded, dilated, with gaps, with a window cut by ceil_mode; one that fits
// everywhere.
const Pool2dOptions kPools[] = {
    MaxPool2dOptions{},
    MaxPool2dOptions{.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}},
    MaxPool2dOptions{.kernel_size = {2, 2}, .stride = {{1, 3}}, .dilation = {2, 1}},
    MaxPool2dOptions{.kernel_size = {2, 3}, .stride = {{3, 2}}, .ceil_mode = true},
    MaxPool2dOptions{.kernel_size = {1, 1}},
    AvgPool2dOptions{.kernel_size = {2, 3}},
    AvgPool2dOptions{
        .kernel_size = {3, 3}, .stride = {{1, 2}}, .padding = {1, 1}, .count_include_pad = false},
    AvgPool2dOptions{.kernel_size = {1, 1}, .divisor_override = 3},
};

bool fits(const Pool2dOptions& pool, const kernels::ConvShape& shape) {
  try {
    const int h = shape.window.y.out(), w = shape.window.x.out();
    pooling_of(pool, h, w);
    return true;
  } catch (const Error&) {
    return false;
  }
}

Variable pooled(const Variable& x, const Pool2dOptions& pool) {
  const auto* max = std::get_if<MaxPool2dOptions>(&pool);
  return max != nullptr ? max_pool2d(x, *max) : avg_pool2d(x, std::get<AvgPool2dOptions>(pool));
}

struct Inputs {
  Tensor x, weight, bias;
};

Inputs make_inputs(const ConvCase& c, DType type) {
  const Tensor x = random_images(c.n, c.c, c.h, c.w, 1);
  return {.x = kernels::stored_as(x, type),
          .weight = random_plain({c.k, c.c / c.groups, c.kernel[0], c.kernel[1]}, 2),
          .bias = random_plain({c.k}, 3)};
}

// The output and the gradients of x, weight and bias; recorded or not.
std::vector<Tensor> run(const ConvCase& c, const Inputs& in, const Pool2dOptions& pool, bool relu,
                        bool in_one_call, bool recorded = true) {
  const Variable x(in.x, recorded), weight(in.weight, recorded), bias(in.bias, recorded);
  Conv2dOptions options{.stride = c.stride, .padding = c.padding, .groups = c.groups};
  Tape tape;
  Variable y;
  if (in_one_call) {
    options.relu = relu;
    options.pool = pool;
    y = conv2d(x, weight, bias, options);
  } else {
    y = conv2d(x, weight, bias, options);
    if (relu) y = weir::relu(y);
    y = pooled(y, pool);
  }
  if (!recorded) return {y.value()};
  const Tensor& v = y.value();
  const Tensor dy = kernels::stored_as(random_images(v.n(), v.c(), v.h(), v.w(), 5), v.dtype());
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(dy); });
  tape.backward(root);
  return {y.value(), x.grad(), weight.grad(), bias.grad()};
}

void expect_same(const std::vector<Tensor>& found, const std::vector<Tensor>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    SCOPED_TRACE(i);
    expect_same_bytes(found[i], expected[i]);
  }
}

void compare(const ConvCase& c, const Inputs& in) {
  for (const Pool2dOptions& pool : kPools) {
    if (!fits(pool, c.shape())) continue;
    for (const bool relu : {true, false}) {
      SCOPED_TRACE(fmt::format("pool {}, relu {}", &pool - kPools, relu));
      // What a call before left in memory must not look like a result.
      testing::poison_next(Tensor::images(c.n, c.k, 4, 4, in.x.dtype()), 4);
      const std::vector<Tensor> found = run(c, in, pool, relu, true);
      expect_same(found, run(c, in, pool, relu, false));
      expect_same(run(c, in, pool, relu, true, false), {found[0]});
    }
  }
}

// Calls body() with `kernel` computing every pass of c.
template <class Body>
void with_kernel(const ConvCase& c, DType type, const Conv2dKernel& kernel, Body body) {
  kernels::ConvChoices choices;
  for (const kernels::ConvPass pass : kernels::kConvPasses) {
    choices.choose(c.shape(), type, pass, kernel);
  }
  const kernels::UseConvChoices use(choices);
  SCOPED_TRACE(kernel.name);
  body();
}

TEST(Conv2dPool, GivesTheBitsOfItsPartsOnEveryKernel) {
  std::set<const Conv2dKernel*> tested;
  for (const ConvCase& c : kConvs) {
    for (const DType type : {DType::kF32, DType::kBF16}) {
      SCOPED_TRACE(fmt::format("convolution {}, {}", &c - kConvs, name_of(type)));
      const Inputs in = make_inputs(c, type);
      for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
        if (!kernel->accepts(c.shape(), type)) continue;
        tested.insert(kernel);
        with_kernel(c, type, *kernel, [&] { compare(c, in); });
      }
    }
  }
  const ConvCase& plain = kConvs[2];
  for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
    const bool optional = kernel == &kernels::kConvAmx || kernel == &kernels::kConvAvx512Bf16;
    const bool here = kernel->accepts(plain.shape(), DType::kBF16);
    EXPECT_TRUE(tested.contains(kernel) || (optional && !here)) << kernel->name;
  }
}

TEST(Conv2dPool, GivesTheBitsOfItsPartsOnEveryIsa) {
  testing::for_each_isa([] {
    for (const DType type : {DType::kF32, DType::kBF16}) {
      for (const ConvCase& c : {kConvs[0], kConvs[2]}) compare(c, make_inputs(c, type));
    }
  });
}

// Rounded inputs and weights: most maxima are ties, many of them of zeros.
TEST(Conv2dPool, TiesAndNanGoTheSameWay) {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    for (const ConvCase& c : kConvs) {
      Inputs in = make_inputs(c, DType::kF32);
      for (Tensor* tensor : {&in.x, &in.weight, &in.bias}) {
        for (int64_t i = 0; i < tensor->stored(); ++i) {
          tensor->data()[i] = std::round(tensor->data()[i]);
        }
      }
      Inputs with_nan = in;
      with_nan.x = in.x.clone();
      for (int64_t i = 0; i < in.x.stored(); i += 97) with_nan.x.data()[i] = std::nanf("");
      for (Inputs* inputs : {&in, &with_nan}) {
        inputs->x = kernels::stored_as(inputs->x, type);
        SCOPED_TRACE(fmt::format("convolution {}, {}, NaN {}", &c - kConvs, name_of(type),
                                 inputs == &with_nan));
        compare(c, *inputs);
      }
    }
  }
}

// Windows of 256 taps need more than a byte for the winner, as one number means nobody.
TEST(Conv2dPool, TakesLargeWindows) {
  const ConvCase c{.n = 3, .c = 2, .k = 5, .h = 18, .w = 19, .kernel = {2, 2}};
  const Inputs in = make_inputs(c, DType::kF32);
  for (const auto& kernel_size : {std::array{15, 17}, std::array{16, 16}, std::array{17, 18}}) {
    const MaxPool2dOptions pool{.kernel_size = kernel_size, .stride = {{1, 1}}};
    expect_same(run(c, in, pool, true, true), run(c, in, pool, true, false));
  }
}

TEST(Conv2dPool, ThreadsDoNotChangeAByte) {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    for (const ConvCase& c : {kConvs[0], kConvs[2]}) {
      const Inputs in = make_inputs(c, type);
      for (const Pool2dOptions& pool : {kPools[1], kPools[6]}) {
        testing::expect_same_bytes_for_any_threads([&] { return run(c, in, pool, true, true); });
      }
    }
  }
}

// Backward reads the winners alone, so the map in front of max pooling is not kept.
TEST(Conv2dPool, KeepsNoMapForMaxPooling) {
  const ConvCase& c = kConvs[2];
  const Inputs in = make_inputs(c, DType::kF32);
  const Variable x(in.x, true), weight(in.weight, true), bias(in.bias, true);
  const auto kept_bytes = [&](auto forward) {
    Tape tape;
    const size_t before = memory_stats().in_use;
    const Variable y = forward();
    return memory_stats().in_use - before;
  };
  const Conv2dOptions convolution{.padding = {1, 1}, .relu = true};
  Conv2dOptions both = convolution;
  both.pool = MaxPool2dOptions{};
  const size_t parts =
      kept_bytes([&] { return max_pool2d(conv2d(x, weight, bias, convolution), {}); });
  const size_t map = Tensor::images(c.n, c.k, c.h, c.w).bytes();
  EXPECT_LE(kept_bytes([&] { return conv2d(x, weight, bias, both); }) + map, parts);
}

TEST(Conv2dPool, RefusesDropoutAndWindowsThatDoNotFit) {
  const Inputs in = make_inputs(kConvs[0], DType::kF32);
  const Variable x(in.x), weight(in.weight), bias(in.bias);
  EXPECT_EQ(message_of([&] {
              conv2d(x, weight, bias,
                     {.relu = true, .dropout = DropoutOptions{.p = 0.5f}, .pool = kPools[0]});
            }),
            "[conv2d] dropout: expected none before pooling; call dropout() and the pooling "
            "afterwards instead");
  const MaxPool2dOptions large{.kernel_size = {8, 2}};
  const Variable map = conv2d(x, weight, bias);
  EXPECT_EQ(message_of([&] { conv2d(x, weight, bias, {.pool = large}); }),
            message_of([&] { max_pool2d(map, large); }));
}

}  // namespace
}  // namespace weir
