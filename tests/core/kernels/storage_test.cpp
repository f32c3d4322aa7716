// What BF16 images mean: every kernel computes on the widened values as it does on floats, and
// rounds each result once.
#include <cmath>

#include <gtest/gtest.h>

#include "core/functions/activation.h"
#include "core/functions/batch_norm.h"
#include "core/functions/cross_entropy.h"
#include "core/functions/dropout.h"
#include "core/functions/pool2d.h"
#include "core/kernels/activation.h"
#include "core/kernels/batch_norm.h"
#include "core/kernels/channel_sum.h"
#include "core/kernels/dropout.h"
#include "core/kernels/elementwise.h"
#include "core/kernels/panel_moments.h"
#include "core/kernels/pool.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::expect_same_bytes;
using testing::rounded;
using testing::widened;

// A partial block, whose padded rows hold rubbish, and rows that are no multiple of a register.
Tensor bf16_images(uint32_t stream, int h = 3, int w = 5) {
  Tensor images = rounded(testing::random_images(35, 17, h, w, stream));
  testing::fill_padded_rows(images, 0.75f);
  return images;
}

// A gradient: its padded rows are zero.
Tensor bf16_gradient(uint32_t stream, int h = 3, int w = 5) {
  return rounded(testing::random_images(35, 17, h, w, stream));
}

// Runs `write` on floats and on BF16, each time into memory full of NaN, and compares.
template <class Write>
void expect_rounded_once(const Tensor& like, Write write) {
  testing::for_each_isa([&] {
    Tensor found = testing::poisoned_like(like);
    Tensor expected = testing::poisoned_like(Tensor::like(like, DType::kF32));
    write([](const Tensor& tensor) { return tensor; }, found);
    write(widened, expected);
    expect_same_bytes(found, rounded(expected));
  });
}

TEST(Bfloat16Storage, Activations) {
  using kernels::Activation;
  const Tensor x = bf16_images(1), dy = bf16_images(2);
  for (const Activation kind : {Activation::kRelu, Activation::kLeakyRelu, Activation::kGelu,
                                Activation::kSilu, Activation::kTanh}) {
    SCOPED_TRACE(kernels::name_of(kind));
    expect_rounded_once(
        x, [&](auto as, Tensor& y) { kernels::activation_forward(kind, 0.2f, as(x), y); });
    expect_rounded_once(x, [&](auto as, Tensor& dx) {
      kernels::activation_backward(kind, 0.2f, as(x), as(dy), dx);
    });
  }
}

TEST(Bfloat16Storage, Dropout) {
  const Tensor x = bf16_images(1);
  expect_rounded_once(
      x, [&](auto as, Tensor& y) { kernels::dropout_apply({.p = 0.3f, .seed = 5}, as(x), y); });
}

TEST(Bfloat16Storage, AddInPlace) {
  const Tensor a = bf16_images(1), b = bf16_images(2);
  expect_rounded_once(a, [&](auto as, Tensor& sum) {
    sum = as(a).clone();
    kernels::add_in_place(sum, as(b));
  });
  Tensor floats = widened(a);
  EXPECT_NE(testing::message_of([&] { kernels::add_in_place(floats, b); }).find("BF16"),
            std::string::npos);
}

TEST(Bfloat16Storage, ChannelSumsAreFloats) {
  const Tensor dy = bf16_gradient(2);
  testing::for_each_isa(
      [&] { expect_same_bytes(kernels::channel_sum(dy), kernels::channel_sum(widened(dy))); });
}

kernels::ChannelAffine some_affine(bool relu) {
  return {.mean = testing::random_values(17, 3),
          .scale = testing::random_values(17, 4),
          .shift = testing::random_values(17, 5),
          .relu = relu};
}

TEST(Bfloat16Storage, BatchNormStatisticsAreThoseOfTheWidenedValues) {
  const Tensor x = bf16_images(1, 9, 11), dy = bf16_gradient(2, 9, 11);
  testing::for_each_isa([&] {
    const auto expect_equal = [](const kernels::ChannelSums& a, const kernels::ChannelSums& b) {
      EXPECT_EQ(a.first, b.first);
      EXPECT_EQ(a.second, b.second);
    };
    const auto moments_of = [](const Tensor& images) {
      kernels::PanelMoments moments(std::vector<float>(17, 0.1f));
      moments.start(images);
      moments.add(images);
      kernels::MeanVariance found = moments.result(images, 1e-5);
      return kernels::ChannelSums{found.mean, found.variance};
    };
    expect_equal(moments_of(x), moments_of(widened(x)));
    for (const bool relu : {false, true}) {
      expect_equal(kernels::channel_gradient_sums(dy, x, some_affine(relu)),
                   kernels::channel_gradient_sums(widened(dy), widened(x), some_affine(relu)));
    }
  });
}

TEST(Bfloat16Storage, BatchNorm) {
  const Tensor x = bf16_images(1), dy = bf16_gradient(2);
  const kernels::GradientFactors factors{.a = testing::random_values(17, 6),
                                         .b = testing::random_values(17, 7),
                                         .c = testing::random_values(17, 8)};
  for (const bool relu : {false, true}) {
    expect_rounded_once(
        x, [&](auto as, Tensor& y) { kernels::channel_affine(as(x), some_affine(relu), y); });
    expect_rounded_once(x, [&](auto as, Tensor& dx) {
      kernels::channel_gradient(as(dy), as(x), some_affine(relu), factors, dx);
    });
  }
}

TEST(Bfloat16Storage, Pooling) {
  const std::vector<Window2d> windows{
      {{.in = 8, .kernel = 2, .stride = 2}, {.in = 6, .kernel = 2, .stride = 2}},
      {{.in = 7, .kernel = 3, .stride = 2, .pad = 1}, {.in = 10, .kernel = 3, .stride = 2}},
      {{.in = 9, .kernel = 3, .stride = 2, .pad = 2, .dilation = 2}, {.in = 5, .kernel = 4}},
      {{.in = 17, .kernel = 17},
       {.in = 18, .kernel = 16, .stride = 2}}};  // winners wider than bytes
  for (const Window2d& window : windows) {
    const kernels::PoolGeometry geometry(window);
    const Tensor x = bf16_images(1, window.y.in, window.x.in);
    const Tensor dy = bf16_gradient(2, window.y.out(), window.x.out());
    for (const kernels::PoolKind kind : {kernels::PoolKind::kMax, kernels::PoolKind::kAvg}) {
      for (const kernels::PoolKernel& kernel : kernels::pool_kernels()) {
        SCOPED_TRACE(kernel.name);
        const kernels::PoolOp op{.kind = kind};
        expect_rounded_once(dy, [&](auto as, Tensor& y) {
          Tensor no_winners;
          kernel.forward(op, geometry, as(x), y, no_winners);
        });
        expect_rounded_once(x, [&](auto as, Tensor& dx) {
          Tensor y = Tensor::like(as(dy));
          kernels::PoolKept kept = kernels::pool_keep(op, geometry, as(x), y);
          kernel.forward(op, geometry, as(x), y, kept.notes);
          kernel.backward(op, geometry, kept, as(dy), dx);
        });
      }
    }
  }
}

// The functions above the kernels: type in, type out, and the gradient of the type of the value.
TEST(Bfloat16Storage, FunctionsKeepTheType) {
  Tensor mean = Tensor::zeros({17}), var = Tensor::full({17}, 1.f);
  const Variable weight(Tensor::full({17}, 1.f), true), bias(Tensor::zeros({17}), true);
  const std::vector<std::function<Variable(const Variable&)>> functions{
      [](const Variable& x) { return relu(x); },
      [](const Variable& x) { return tanh(x); },
      [](const Variable& x) { return dropout(x, {.p = 0.5f}); },
      [](const Variable& x) { return max_pool2d(x, {}); },
      [](const Variable& x) { return avg_pool2d(x, {}); },
      [](const Variable& x) {
        return adaptive_avg_pool2d(x, {1, 1});
      },
      [&](const Variable& x) { return batch_norm(x, weight, bias, mean, var, {}); }};
  for (size_t i = 0; i < functions.size(); ++i) {
    SCOPED_TRACE(i);
    const Variable x(bf16_images(1), true);
    Tape tape;
    const Variable y = functions[i](x);
    ASSERT_EQ(y.value().dtype(), DType::kBF16);
    const Variable root(Tensor::full({1}, 0.f), true);
    tape.record("upstream", root, [&](const Tensor&) {
      y.accumulate_grad(bf16_gradient(2, y.value().h(), y.value().w()));
    });
    tape.backward(root);
    EXPECT_EQ(x.grad().dtype(), DType::kBF16);
    testing::expect_padded_rows_zero(x.grad());
  }
  EXPECT_EQ(weight.grad().dtype(), DType::kF32);
}

TEST(Bfloat16Storage, TheLossTakesFloatLogitsOnly) {
  const Variable logits(Tensor::images_zeros(2, 3, 1, 1, DType::kBF16));
  const std::vector<int> labels{0, 2};
  const std::string message = testing::message_of([&] { cross_entropy(logits, labels); });
  EXPECT_NE(message.find("BF16 images (2, 3, 1, 1)"), std::string::npos) << message;
  EXPECT_NE(message.find("F32"), std::string::npos);
}

}  // namespace
}  // namespace weir
