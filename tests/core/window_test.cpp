#include "core/window.h"

#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

// The chapter's table of the master formula.
static_assert(Axis{.in = 28, .kernel = 2, .stride = 2}.out() == 14);
static_assert(Axis{.in = 7, .kernel = 2, .stride = 2}.out() == 3);
static_assert(Axis{.in = 7, .kernel = 7}.out() == 1);
static_assert(Axis{.in = 32, .kernel = 3, .stride = 2, .pad = 1}.out() == 16);
static_assert(Axis{.in = 4, .kernel = 2}.out() == 3);
static_assert(Axis{.in = 7, .kernel = 2, .stride = 2, .ceil_mode = true}.out() == 4);
static_assert(Axis{.in = 2, .kernel = 3}.out() == 0);
static_assert(Axis{.in = 2, .kernel = 4, .stride = 2, .ceil_mode = true}.out() == 0);
static_assert(Axis{.in = 2, .kernel = 4, .stride = 3, .ceil_mode = true}.out() == 1);
static_assert(
    Window2d{{.in = 8, .kernel = 2, .stride = 2}, {.in = 8, .kernel = 2, .stride = 2}}.tiles());
static_assert(
    !Window2d{{.in = 8, .kernel = 3, .stride = 2}, {.in = 8, .kernel = 2, .stride = 2}}.tiles());

// The number of outputs by walking over window starts. In ceil mode one more window may overhang
// the right padding by less than a stride, if cells are left uncovered and it starts inside the
// image or the left padding.
int counted_outputs(const Axis& a) {
  const int padded_end = a.in + a.pad, reach = a.dilation * (a.kernel - 1);
  int count = 0, start = -a.pad, covered = -a.pad;
  for (; start + reach < padded_end; start += a.stride, ++count) covered = start + reach + 1;
  const bool overhang = a.ceil_mode && covered < padded_end && start < a.in &&
                        start + reach < padded_end + a.stride - 1;
  return count + (overhang ? 1 : 0);
}

std::vector<Axis> sweep() {
  std::vector<Axis> axes;
  for (int in : {1, 2, 3, 5, 8, 13})
    for (int kernel : {1, 2, 3, 5})
      for (int stride : {1, 2, 3, 7})
        for (int pad : {0, 1, 2})
          for (int dilation : {1, 2, 3})
            for (bool ceil_mode : {false, true}) {
              const Axis axis{in, kernel, stride, pad, dilation, ceil_mode};
              // Pooling, which alone has ceil_mode, takes no more padding than half the window.
              if (!ceil_mode || 2 * pad <= axis.extent()) axes.push_back(axis);
            }
  return axes;
}

TEST(Axis, OutputsAreCounted) {
  for (const Axis& axis : sweep()) {
    EXPECT_EQ(axis.out(), counted_outputs(axis))
        << formula(axis) << " ceil " << axis.ceil_mode << " kernel " << axis.kernel;
  }
}

TEST(Axis, CeilModeDropsAWindowThatStartsInTheRightPadding) {
  // ceil((13 + 2 - 2) / 7) + 1 = 3 windows, but the third would start at 2 * 7 - 1 = 13, past the
  // image: PyTorch drops a window with (out - 1) * stride >= in + pad.
  EXPECT_EQ((Axis{.in = 13, .kernel = 2, .stride = 7, .pad = 1, .ceil_mode = true}).out(), 2);
  EXPECT_EQ((Axis{.in = 14, .kernel = 2, .stride = 7, .pad = 1, .ceil_mode = true}).out(), 3);
}

TEST(Axis, TapsAndOutputsAgreeWithMembership) {
  for (const Axis& axis : sweep()) {
    for (int o = 0; o < axis.out(); ++o) {
      for (int tap = 0; tap < axis.kernel; ++tap) {
        const int at = o * axis.stride - axis.pad + tap * axis.dilation;
        const bool inside = at >= 0 && at < axis.in;
        EXPECT_EQ(axis.taps(o).contains(tap), inside) << formula(axis) << " o " << o;
        EXPECT_EQ(axis.outputs(tap).contains(o), inside) << formula(axis) << " tap " << tap;
      }
    }
  }
}

TEST(Axis, InteriorIsWhereAllTapsAreInside) {
  for (const Axis& axis : sweep()) {
    for (int o = 0; o < axis.out(); ++o) {
      const bool whole = axis.taps(o).size() == axis.kernel;
      EXPECT_EQ(axis.interior().contains(o), whole) << formula(axis) << " o " << o;
    }
  }
}

TEST(Axis, FormulaShowsItsNumbers) {
  EXPECT_EQ(formula({.in = 32, .kernel = 3, .stride = 2, .pad = 1}),
            "floor((32 + 2*1 - 1*(3-1) - 1) / 2) + 1 = 16");
  // A kernel that does not fit: the arithmetic stays true.
  EXPECT_EQ(formula({.in = 32, .kernel = 40}), "floor((32 + 2*0 - 1*(40-1) - 1) / 1) + 1 = -7");
}

}  // namespace
}  // namespace weir
