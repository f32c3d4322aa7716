// Convolution of BF16 images against its definition in double, whose index code is its own.
#include "core/kernels/conv/conv_bf16.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "core/functions/cast.h"
#include "core/functions/conv2d.h"
#include "core/tensor/layout.h"
#include "tests/core/kernels/bf16_kernels.h"
#include "tests/core/kernels/conditions.h"
#include "tests/core/kernels/conv_case.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using kernels::Conv2dKernel;
using kernels::ConvShape;
using testing::rounded;

const Conv2dKernel kConvEmulated = kernels::conv_bf16_on<testing::kEmulatedAmx>("amx_emulated");

using Case = testing::ConvCase;

std::string name_of(const Case& c) {
  return std::to_string(c.n) + " x " + std::to_string(c.c) + " x " + std::to_string(c.h) + " x " +
         std::to_string(c.w) + " to " + std::to_string(c.k);
}

// Height and width, kernel, stride, padding and dilation all differ; channels that fill neither a
// pair nor a tile; batches of less than a tile, of part of one, and of a block and a bit.
const Case kCases[] = {
    {.n = 1, .c = 1, .k = 5, .h = 7, .w = 9, .kernel = {3, 2}},
    {.n = 33,
     .c = 1,
     .k = 33,
     .h = 6,
     .w = 5,
     .kernel = {3, 3},
     .stride = {2, 2},
     .padding = {1, 1}},
    {.n = 2, .c = 1, .k = 26, .h = 5, .w = 4, .kernel = {2, 3}},
    {.n = 33,
     .c = 3,
     .k = 33,
     .h = 6,
     .w = 5,
     .kernel = {3, 3},
     .stride = {2, 1},
     .padding = {1, 1}},
    {.n = 20,
     .c = 5,
     .k = 6,
     .h = 9,
     .w = 7,
     .kernel = {3, 5},
     .stride = {2, 1},
     .padding = {1, 2}},
    {.n = 33, .c = 6, .k = 10, .h = 5, .w = 6, .kernel = {5, 5}, .padding = {2, 0}},
    {.n = 3,
     .c = 33,
     .k = 10,
     .h = 8,
     .w = 11,
     .kernel = {2, 3},
     .stride = {3, 2},
     .padding = {0, 2},
     .dilation = {2, 1}},
    {.n = 40,
     .c = 10,
     .k = 33,
     .h = 10,
     .w = 6,
     .kernel = {3, 2},
     .padding = {2, 1},
     .dilation = {1, 3}},
    {.n = 33, .c = 96, .k = 96, .h = 3, .w = 9, .kernel = {3, 3}, .padding = {1, 1}},
    {.n = 5, .c = 40, .k = 70, .h = 6, .w = 3, .kernel = {6, 3}},  // the whole map
    {.n = 2, .c = 16, .k = 3, .h = 3, .w = 2, .kernel = {5, 4}, .padding = {2, 2}},  // kernel > map
    {.n = 1, .c = 96, .k = 1, .h = 4, .w = 3, .kernel = {1, 1}, .stride = {2, 1}},
    {.n = 3,
     .c = 20,
     .k = 17,
     .h = 12,
     .w = 5,
     .kernel = {3, 1},
     .stride = {2, 1},
     .dilation = {3, 1}},
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
};

// A sum in double, and the sum of the magnitudes of its terms.
struct Sums {
  explicit Sums(int64_t size) : value(static_cast<size_t>(size)), magnitude(value.size()) {}
  void add(int64_t at, double term) {
    value[static_cast<size_t>(at)] += term;
    magnitude[static_cast<size_t>(at)] += std::abs(term);
  }
  std::vector<double> value, magnitude;
};

// What goes in, and what should come out, NCHW.
struct Example {
  explicit Example(const Case& layer)
      : c(layer),
        oh(c.shape().window.y.out()),
        ow(c.shape().window.x.out()),
        x(rounded(testing::random_images(c.n, c.c, c.h, c.w, 1))),
        dy(testing::random_images(c.n, c.k, oh, ow, 4)),
        weight(testing::random_plain({c.k, c.c / c.groups, c.kernel[0], c.kernel[1]}, 2)),
        bias(testing::random_plain({c.k}, 3)),
        y(dy.numel()),
        dx(x.numel()),
        dw(weight.numel()) {
    fill();
    testing::fill_padded_rows(x, 0.75f);
  }

  void fill() {
    const std::vector<float> xs = nchw_from_images(x), dys = nchw_from_images(rounded(dy));
    const Tensor ws = testing::widened(rounded(weight));
    const int cg = c.c / c.groups, kg = c.k / c.groups;
    for (int n = 0; n < c.n; ++n)
      for (int k = 0; k < c.k; ++k)
        for (int i = 0; i < oh; ++i)
          for (int j = 0; j < ow; ++j) {
            const int64_t out = ((int64_t{n} * c.k + k) * oh + i) * ow + j;
            y.add(out, bias.data()[k]);
            for (int q = 0; q < cg; ++q)
              for (int a = 0; a < c.kernel[0]; ++a)
                for (int b = 0; b < c.kernel[1]; ++b) {
                  const int row = i * c.stride[0] + a * c.dilation[0] - c.padding[0];
                  const int column = j * c.stride[1] + b * c.dilation[1] - c.padding[1];
                  if (row < 0 || column < 0 || row >= c.h || column >= c.w) continue;
                  const int64_t in =
                      ((int64_t{n} * c.c + k / kg * cg + q) * c.h + row) * c.w + column;
                  const int64_t w = ((int64_t{k} * cg + q) * c.kernel[0] + a) * c.kernel[1] + b;
                  const double xv = xs[static_cast<size_t>(in)];
                  const double dv = dys[static_cast<size_t>(out)], wv = ws.data()[w];
                  y.add(out, xv * wv);
                  dx.add(in, dv * wv);
                  dw.add(w, dv * xv);
                }
          }
  }

  Case c;
  int oh, ow;
  Tensor x, dy, weight, bias;
  Sums y, dx, dw;
};

// Products of bf16 are exact in float; of `terms` terms at most as many additions round, each by
// 2^-24 of what is at most the sum of their magnitudes. Storing as BF16 rounds once more, by 2^-8.
void expect_close(const std::vector<float>& found, const Sums& exact, int64_t terms, bool relu,
                  DType stored) {
  ASSERT_EQ(found.size(), exact.value.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double value = relu ? std::max(exact.value[i], 0.0) : exact.value[i];
    double tolerance = static_cast<double>(terms + 2) * std::ldexp(1.0, -24) * exact.magnitude[i];
    if (stored == DType::kBF16) tolerance += std::ldexp(std::abs(value) + tolerance, -8);
    ASSERT_NEAR(found[i], value, tolerance) << "element " << i;
  }
}

// `type`: what y and dy are stored as.
void check_forward(const Example& e, const Conv2dKernel& kernel, DType type, bool relu) {
  SCOPED_TRACE("forward");
  Tensor y = testing::poisoned_like(Tensor::like(e.dy, type));
  kernel.forward(e.c.shape(), e.x, e.weight, {.bias = e.bias.data(), .relu = relu}, y);
  const int64_t terms = int64_t{e.c.shape().taps()} * e.c.shape().group_c() + 1;
  expect_close(nchw_from_images(y), e.y, terms, relu, type);
  testing::for_padded_rows(y, [](auto value) { ASSERT_TRUE(std::isfinite(to_float(value))); });
}

void check_backward(const Example& e, const Conv2dKernel& kernel, DType type) {
  const ConvShape shape = e.c.shape();
  const Tensor dy = type == DType::kF32 ? e.dy : rounded(e.dy);
  Tensor dx = testing::poisoned_like(e.x);
  kernel.backward_data(shape, dy, e.weight, dx);
  {
    SCOPED_TRACE("backward data");
    expect_close(nchw_from_images(dx), e.dx, int64_t{shape.taps()} * shape.group_k(), false,
                 DType::kBF16);
    testing::expect_padded_rows_zero(dx);
  }
  SCOPED_TRACE("backward weights");
  Tensor dw = testing::poisoned_like(e.weight);
  kernel.backward_weights(shape, e.x, dy, dw);
  expect_close({dw.data(), dw.data() + dw.numel()}, e.dw, int64_t{e.c.n} * e.oh * e.ow, false,
               DType::kF32);
}

std::vector<const Conv2dKernel*> kernels_for(const ConvShape& shape) {
  std::vector<const Conv2dKernel*> found;
  for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
    if (kernel->accepts(shape, DType::kBF16)) found.push_back(kernel);
  }
  // Slow, and the same for every instruction set.
  const bool fastest = isa() == available_isas().back();
  if (fastest && kConvEmulated.accepts(shape, DType::kBF16)) found.push_back(&kConvEmulated);
  return found;
}

TEST(ConvBf16, EveryKernelEqualsTheDefinition) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(name_of(c));
    const Example example(c);
    testing::for_each_isa([&] {
      for (const Conv2dKernel* kernel : kernels_for(c.shape())) {
        SCOPED_TRACE(std::string(kernel->name));
        check_forward(example, *kernel, DType::kBF16, true);
        check_forward(example, *kernel, DType::kF32, false);
        check_backward(example, *kernel, DType::kBF16);
        check_backward(example, *kernel, DType::kF32);
      }
    });
  }
}

TEST(ConvBf16, ThreadsNeverChangeAByte) {
  for (const Case& c : {kCases[3], kCases[6], kCases[8]}) {
    const Example e(c);
    for (const Conv2dKernel* kernel : kernels_for(c.shape())) {
      SCOPED_TRACE(std::string(kernel->name) + ", " + name_of(c));
      testing::expect_same_bytes_for_any_threads([&] {
        const Tensor dy = rounded(e.dy);
        Tensor y = Tensor::like(dy), dx = Tensor::like(e.x), dw = Tensor::like(e.weight);
        kernel->forward(c.shape(), e.x, e.weight, {}, y);
        kernel->backward_data(c.shape(), dy, e.weight, dx);
        kernel->backward_weights(c.shape(), e.x, dy, dw);
        return std::vector<Tensor>{y, dx, dw};
      });
    }
  }
}

TEST(ConvBf16, ImagesAreStoredAsTheInputIsAndWeightsStayFloat) {
  const Example e(kCases[8]);
  const Variable x(e.x, true), weight(e.weight, true), bias(e.bias, true);
  Tape tape;
  const Variable y = conv2d(x, weight, bias, {.padding = {1, 1}});
  EXPECT_EQ(y.value().dtype(), DType::kBF16);
  tape.backward(testing::weighted_sum(cast(y, DType::kF32), e.dy));
  ASSERT_EQ(x.grad().dtype(), DType::kBF16);
  ASSERT_EQ(weight.grad().dtype(), DType::kF32);
  EXPECT_EQ(bias.grad().dtype(), DType::kF32);
  expect_close(nchw_from_images(x.grad()), e.dx, 9 * 96, false, DType::kBF16);
}

TEST(ConvBf16, TheFastestOfTheInstructionSetIsChosen) {
  const auto chosen = [](const Case& c) {
    return std::string(kernels::choose_conv2d(c.shape(), DType::kBF16).name);
  };
  testing::for_each_isa([&] {
    const std::string direct = isa() == "amx" || isa() == "avx512_bf16" ? isa() : "bf16";
    EXPECT_EQ(chosen(kCases[3]), direct);
    const Case large{.n = 1, .c = 16, .k = 16, .h = 8, .w = 8, .kernel = {3, 3}, .padding = {1, 1}};
    EXPECT_EQ(chosen(large), isa() == "amx" ? "amx" : "winograd");
    Case small = large;  // 6x6 outputs: 144 products are left of 324
    small.padding = {0, 0};
    EXPECT_EQ(chosen(small), direct == "bf16" ? "winograd" : direct);
    EXPECT_EQ(chosen(kCases[14]), "widened");
  });
}

}  // namespace
}  // namespace weir
