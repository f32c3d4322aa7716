// The gate of gated_pool2d is a convolution. With a single channel, most of its kernels multiplied
// the zeros of the padding by the gradient: where that was NaN, taps that had seen nothing but
// padding got NaN, too; in BF16 always, in F32 with some windows.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/functions/mixed_pool2d.h"
#include "core/kernels/cast.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

struct Gate {
  int h, w;
  PoolWindow window;
  std::vector<bool> nan;  // of the taps: whether their gradient is NaN, as pixel (0, 0) is
};

const std::vector<Gate> kGates{
    // The only window over the pixel begins at (-1, -1): it has it in its second row and column,
    // and padding in the first ones.
    {7,
     6,
     {.kernel_size = {3, 2}, .stride = {{3, 3}}, .padding = {1, 1}},
     {false, false, false, true, false, true}},
    {6,
     7,
     {.kernel_size = {2, 3}, .stride = {{3, 3}}, .padding = {1, 1}},
     {false, false, false, false, true, true}},
    // A single row or column: the taps beside it see nothing else than padding.
    {1,
     4,
     {.kernel_size = {3, 2}, .stride = {{1, 1}}, .padding = {1, 0}},
     {false, false, true, true, false, false}},
    {4,
     1,
     {.kernel_size = {2, 3}, .stride = {{1, 1}}, .padding = {0, 1}},
     {false, true, false, false, true, false}},
};

std::vector<bool> taps_with_nan(const Gate& gate, const Tensor& images, DType type) {
  const auto [kh, kw] = gate.window.kernel_size;
  const Variable weight(testing::random_plain({1, kh, kw}, 1), true);
  const Tensor x = kernels::stored_as(images, type);
  const auto pool = [&](const Variable& in) { return gated_pool2d(in, weight, gate.window); };
  const Tensor y = pool(Variable(x)).value();
  const Tensor dy = testing::random_images(y.n(), y.c(), y.h(), y.w(), 2);
  testing::both_passes(pool, x, kernels::stored_as(dy, type));
  std::vector<bool> found;
  for (int64_t tap = 0; tap < kh * kw; ++tap) {
    found.push_back(std::isnan(weight.grad().data()[tap]));
  }
  return found;
}

TEST(GateBesidePadding, TapsThatSeePaddingGetNoNan) {
  testing::for_each_isa([] {
    for (const Gate& gate : kGates) {
      for (const auto& [n, c] : std::vector<std::array<int, 2>>{{1, 1}, {33, 1}, {3, 5}}) {
        Tensor images = testing::random_images(n, c, gate.h, gate.w, 3);
        images.data()[0] = std::nanf("");
        for (const DType type : {DType::kF32, DType::kBF16}) {
          SCOPED_TRACE(std::to_string(n) + " x " + std::to_string(c) + ", map of " +
                       std::to_string(gate.h) + " x " + std::to_string(gate.w) + ", " +
                       std::string(name_of(type)));
          EXPECT_EQ(taps_with_nan(gate, images, type), gate.nan);
        }
      }
    }
  });
}

}  // namespace
}  // namespace weir
