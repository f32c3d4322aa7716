// Every reducer on maps that are written past the caches: small ones, by a capacity of zero.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/cast.h"
#include "core/kernels/past_caches.h"
#include "core/kernels/pool.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using kernels::LpScale;
using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;
using testing::random_images;

// Weights for the largest window below.
const std::vector<float> kWeights = testing::random_values(17 * 16, 5);

const std::vector<PoolOp>& operators() {
  static const std::vector<PoolOp> all{
      {.kind = PoolKind::kMax},
      {.kind = PoolKind::kMax, .after_relu = true},
      {.kind = PoolKind::kAvg},
      {.kind = PoolKind::kAvg, .count_include_pad = false, .after_relu = true},
      {.kind = PoolKind::kWeighted, .weights = kWeights},
      {.kind = PoolKind::kLp, .p = 3},
      {.kind = PoolKind::kLp, .scale = LpScale::kWeighted, .weights = kWeights},
      {.kind = PoolKind::kLpSlope, .p = 2.5f},
      {.kind = PoolKind::kLogSumExp, .beta = 2},
      {.kind = PoolKind::kSoft, .beta = 2},
      {.kind = PoolKind::kStochastic},
      {.kind = PoolKind::kStochasticMean},
  };
  return all;
}

// Asymmetric: tiled, overlapping and padded, dilated, of the whole map, of more taps than a byte
// has numbers, adaptive.
const std::vector<PoolGeometry>& geometries() {
  static const std::vector<PoolGeometry> all{
      PoolGeometry(Window2d{{8, 2, 2}, {9, 3, 3}}),
      PoolGeometry(Window2d{{7, 3, 2, 1}, {10, 2, 1, 1}}),
      PoolGeometry(Window2d{{9, 3, 2, 2, 2}, {11, 2, 3, 1, 3}}),
      PoolGeometry(Window2d{{7, 7}, {6, 6}}),
      PoolGeometry(Window2d{{17, 17}, {18, 16, 2}}),
      PoolGeometry(kernels::PoolAxis::adaptive(7, 3), kernels::PoolAxis::adaptive(5, 2)),
  };
  return all;
}

struct Result {
  Tensor y, dx;
};

Result run(const kernels::PoolKernel& kernel, PoolOp op, const PoolGeometry& geometry,
           const Tensor& x, const Tensor& dy) {
  if (op.kind == PoolKind::kStochastic) {
    op.uniform = random_images(dy.n(), dy.c(), dy.h(), dy.w(), 3);
    for (int64_t i = 0; i < op.uniform.stored(); ++i) {
      op.uniform.data()[i] = (op.uniform.data()[i] + 1) / 2;
    }
  }
  Result result{testing::poisoned_like(dy), testing::poisoned_like(x)};
  kernels::PoolKept kept = kernels::pool_keep(op, geometry, x, result.y);
  kernel.forward(op, geometry, x, result.y, kept.notes);
  kernel.backward(op, geometry, kept, dy, result.dx);
  return result;
}

void expect_same(const Result& found, const Result& expected) {
  testing::expect_same_bytes(found.y, expected.y);
  testing::expect_same_bytes(found.dx, expected.dx);
}

// Maxima and averages have the bits of the reference, too; the others come near to it in
// pool_reducers_test.cpp.
TEST(PoolPastCaches, TheBitsAreThoseOfOrdinaryStores) {
  const kernels::PoolKernel& fast = kernels::pool_kernels().front();
  const kernels::PoolKernel& reference = kernels::pool_kernels().back();
  testing::for_each_isa([&] {
    for (const PoolOp& op : operators()) {
      for (const PoolGeometry& g : geometries()) {
        for (const DType type : {DType::kF32, DType::kBF16}) {
          SCOPED_TRACE("kind " + std::to_string(static_cast<int>(op.kind)) + ", window " +
                       std::to_string(g.y.kernel()) + " x " + std::to_string(g.x.kernel()) + ", " +
                       std::string(name_of(type)));
          const Tensor x = kernels::stored_as(random_images(33, 18, g.y.in(), g.x.in(), 1), type);
          const Tensor dy =
              kernels::stored_as(random_images(33, 18, g.y.out(), g.x.out(), 2), type);
          ASSERT_FALSE(kernels::goes_past_caches(x, dy));
          const Result expected = run(fast, op, g, x, dy);
          const testing::PastCaches streams;
          ASSERT_TRUE(kernels::goes_past_caches(x, dy) && kernels::goes_past_caches(dy, x));
          const Result found = run(fast, op, g, x, dy);
          expect_same(found, expected);
          const bool exact = op.kind == PoolKind::kMax || op.kind == PoolKind::kAvg;
          if (exact) expect_same(found, run(reference, op, g, x, dy));
        }
      }
    }
  });
}

// Panels that are not whole lines are written as ever.
TEST(PoolPastCaches, OnlyWholeLines) {
  const testing::PastCaches streams;
  EXPECT_FALSE(
      kernels::goes_past_caches(random_images(5, 17, 4, 6, 1), random_images(5, 17, 2, 3, 1)));
  EXPECT_TRUE(
      kernels::goes_past_caches(random_images(4, 4, 4, 6, 1), random_images(4, 4, 2, 3, 1)));
}

// (64, 64, 16, 32) floats are 8 MiB.
TEST(PoolPastCaches, TheUsualCapacityIs16MiB) {
  const Tensor half = Tensor::images(64, 64, 16, 32), more = Tensor::images(64, 64, 16, 33);
  EXPECT_FALSE(kernels::goes_past_caches(half, half));
  EXPECT_TRUE(kernels::goes_past_caches(half, more));
}

}  // namespace
}  // namespace weir
