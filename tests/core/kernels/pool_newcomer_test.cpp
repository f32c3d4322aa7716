// A reducer that the library does not have, written against the concept alone: RMS pooling,
// y = sqrt(mean_k x_k^2), dx_k = dy * x_k / (count * y). It needs x and y in the backward pass,
// which max and average do not.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/pool/loops-inl.h"
#include "core/kernels/pool/reference-inl.h"
#include "tests/support/fill.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {
namespace {

template <class D>
Lanes<D> root(Lanes<D> a) {
  return hn::Sqrt(a.raw);
}
float root(float a) { return std::sqrt(a); }

struct RmsReducer : NoNote {
  static constexpr bool kLight = true;
  static constexpr bool kReadsX = true, kReadsY = true;

  template <class V>
  struct State {
    using Value = V;
    V sum;
  };
  template <class V>
  State<V> start(int) const {
    return {V(0.f)};
  }
  template <class V>
  void take(State<V>& s, V x, int) const {
    s.sum = s.sum + x * x;
  }
  template <class V>
  V value(const State<V>& s, PoolCount count) const {
    return root(s.sum / V(static_cast<float>(count.inside)));
  }
  template <class V>
  V pull(V dy, V x, V y, V, int, PoolCount count) const {
    return dy * x / (V(static_cast<float>(count.inside)) * y);
  }
};
static_assert(PoolReducer<RmsReducer, Lanes<Wide>> && PoolReducer<RmsReducer, float>);

struct Incomplete : RmsReducer {
  void take() const;  // hides the one that reducers must have
};
static_assert(!PoolReducer<Incomplete, float>);

struct Buffers {
  explicit Buffers(const PoolGeometry& g, int64_t panel)
      : y(static_cast<size_t>(g.y.out() * g.x.out() * panel), NAN),
        dx(static_cast<size_t>(g.y.in() * g.x.in() * panel), NAN) {}
  PoolBlock<float> block(int64_t panel, const std::vector<float>& x, const std::vector<float>& dy) {
    return {.panel = panel, .x = x.data(), .y = y.data(), .dy = dy.data(), .dx = dx.data()};
  }
  std::vector<float> y, dx;
};

void run_fast(const PoolGeometry& g, const PoolBlock<float>& block) {
  for (int row = 0; row < g.y.out(); ++row) {
    pool_forward_row(g, RmsReducer(), block, {.row = row, .lane_end = block.panel});
  }
  for (int row = 0; row < g.y.in(); ++row) {
    pool_backward_row(g, RmsReducer(), block, {.row = row, .lane_end = block.panel});
  }
}

TEST(PoolNewcomer, ThreeNumbersByHand) {
  const PoolGeometry g(Window2d::global(1, 2));
  const std::vector<float> x{3.f, 4.f}, dy{10.f};
  Buffers out(g, 1);
  run_fast(g, out.block(1, x, dy));
  EXPECT_FLOAT_EQ(out.y[0], std::sqrt(12.5f));
  EXPECT_FLOAT_EQ(out.dx[0], 10.f * 3.f / (2.f * std::sqrt(12.5f)));
  EXPECT_FLOAT_EQ(out.dx[1], 10.f * 4.f / (2.f * std::sqrt(12.5f)));
}

TEST(PoolNewcomer, GetsFastLoopsThatEqualTheReference) {
  const int64_t panel = 2 * 4 * 16 + 37;  // whole groups of registers, registers, and single lanes
  const std::vector<PoolGeometry> geometries{
      PoolGeometry(Window2d{{.in = 7, .kernel = 3, .stride = 2, .pad = 1},
                            {.in = 6, .kernel = 3, .stride = 2, .pad = 1}}),
      PoolGeometry(Window2d{{.in = 5, .kernel = 2, .stride = 2}, {.in = 6, .kernel = 2}}),
      PoolGeometry(PoolAxis::adaptive(7, 3), PoolAxis::adaptive(5, 2))};
  for (const PoolGeometry& g : geometries) {
    const auto x = testing::random_values(g.y.in() * g.x.in() * panel, 1, 0.5f, 1.5f);
    const auto dy = testing::random_values(g.y.out() * g.x.out() * panel, 2);
    Buffers fast(g, panel), obvious(g, panel);
    run_fast(g, fast.block(panel, x, dy));
    pool_forward_reference(g, RmsReducer(), obvious.block(panel, x, dy));
    pool_backward_reference(g, RmsReducer(), obvious.block(panel, x, dy));
    EXPECT_EQ(fast.y, obvious.y);
    EXPECT_EQ(fast.dx, obvious.dx);
  }
}

}  // namespace
}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
