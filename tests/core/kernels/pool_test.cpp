#include "core/kernels/pool.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/functions/pool2d.h"
#include "core/kernels/cast.h"
#include "core/kernels/channel_sum.h"
#include "core/kernels/pool/row_pooling.h"
#include "tests/core/kernels/conditions.h"
#include "tests/core/kernels/pool_oracle.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::message_of;
using testing::OraclePool;
using testing::random_images;

constexpr float kInf = std::numeric_limits<float>::infinity();

// Asymmetric windows: tiled, with gaps, overlapping, padded, dilated, whole map, ceil_mode with and
// without a dropped last window.
const std::vector<OraclePool> kMaxPools{
    {{8, 2, 2, 0, 1, false}, {6, 2, 2, 0, 1, false}},
    {{7, 3, 2, 1, 1, false}, {10, 3, 2, 1, 1, false}},
    {{7, 2, 3, 0, 1, false}, {8, 1, 2, 0, 1, false}},
    {{5, 4, 3, 2, 1, false}, {7, 2, 1, 1, 1, false}},
    {{5, 3, 1, 1, 1, false}, {4, 3, 1, 1, 1, false}},
    {{9, 3, 2, 2, 2, false}, {11, 2, 3, 1, 3, false}},
    {{6, 3, 2, 0, 1, true}, {7, 2, 2, 1, 1, true}},
    {{5, 2, 3, 1, 1, true}, {6, 3, 4, 1, 1, true}},
    {{6, 3, 2, 1, 1, true}, {7, 4, 3, 1, 1, true}},  // the last windows overhang the padding
    {{6, 6, 6, 0, 1, false}, {5, 5, 5, 0, 1, false}},
    {{17, 17, 1, 0, 1, false}, {18, 16, 2, 0, 1, false}},  // 272 taps: more than a byte holds
    {{1, 1, 1, 0, 1, false}, {1, 1, 1, 0, 1, false}},
};

// Average pooling has no dilation; the divisor rules take its place.
std::vector<OraclePool> avg_pools() {
  std::vector<OraclePool> pools;
  for (OraclePool pool : kMaxPools) {
    if (pool.y.dilation != 1) continue;
    pool.max = false;
    pools.push_back(pool);
    pool.count_include_pad = false;
    pools.push_back(pool);
    pool.divisor = 3;
    pools.push_back(pool);
  }
  return pools;
}

Variable run(const OraclePool& pool, const Variable& x) {
  const std::array<int, 2> kernel{pool.y.kernel, pool.x.kernel},
      stride{pool.y.stride, pool.x.stride};
  const std::array<int, 2> padding{pool.y.pad, pool.x.pad};
  if (pool.max) {
    return max_pool2d(x, {.kernel_size = kernel,
                          .stride = stride,
                          .padding = padding,
                          .dilation = {pool.y.dilation, pool.x.dilation},
                          .ceil_mode = pool.y.ceil_mode});
  }
  AvgPool2dOptions options{.kernel_size = kernel,
                           .stride = stride,
                           .padding = padding,
                           .ceil_mode = pool.y.ceil_mode,
                           .count_include_pad = pool.count_include_pad};
  if (pool.divisor > 0) options.divisor_override = pool.divisor;
  return avg_pool2d(x, options);
}

struct Result {
  Tensor y, dx;
};

// Forward, and backward with the given dy (or a random one). Results land in recycled NaN.
Result run_both(const std::function<Variable(const Variable&)>& function, const Tensor& x,
                const Tensor& dy) {
  Variable in(x, true);
  Tape tape;
  testing::poison_next(dy, 3);
  testing::poison_next(Tensor::images(dy.n(), dy.c(), dy.h(), dy.w(), DType::kU8), 3);
  const Variable out = function(in);
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { out.accumulate_grad(dy); });
  testing::poison_next(x, 3);
  tape.backward(root);
  return {out.value(), in.grad()};
}

void expect_near(const std::vector<float>& found, const std::vector<double>& expected,
                 double tolerance, const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i]) || std::isinf(expected[i])) {
      ASSERT_TRUE(std::isnan(expected[i]) ? std::isnan(found[i]) : double{found[i]} == expected[i])
          << what << " " << i << ": " << found[i] << " instead of " << expected[i];
    } else {
      ASSERT_NEAR(found[i], expected[i], tolerance) << what << " " << i;
    }
  }
}

// Upstream values are below 1 and divisors at least 1; as many terms as windows cover an input.
double rounding_of_dx(const OraclePool& pool) {
  const double taps = pool.y.kernel * pool.x.kernel;
  return taps * taps * 0x1p-24;
}

void expect_matches_oracle(const OraclePool& pool, Tensor x) {
  testing::fill_padded_rows(x, 5.f);
  const Tensor dy = random_images(x.n(), x.c(), pool.y.out(), pool.x.out(), 2);
  const Result result = run_both([&](const Variable& in) { return run(pool, in); }, x, dy);
  const std::vector<float> values = nchw_from_images(x), upstream = nchw_from_images(dy);
  std::vector<double> y, dx;
  for (int64_t plane = 0; plane < int64_t{x.n()} * x.c(); ++plane) {
    const testing::OraclePlane expected = testing::pool_plane(
        pool, values.data() + plane * x.h() * x.w(), upstream.data() + plane * dy.h() * dy.w());
    y.insert(y.end(), expected.y.begin(), expected.y.end());
    dx.insert(dx.end(), expected.dx.begin(), expected.dx.end());
  }
  // Values are below 1 and divisors at least 1: each of the K additions rounds by 2^-24 of a sum
  // below K.
  const double taps = pool.y.kernel * pool.x.kernel;
  const double tolerance = std::min(taps, 30.0) * taps * 0x1p-24;
  expect_near(nchw_from_images(result.y), y, pool.max ? 0 : tolerance, "y");
  expect_near(nchw_from_images(result.dx), dx, rounding_of_dx(pool), "dx");
  testing::expect_padded_rows_zero(result.dx);
  for (int64_t i = 0; i < result.y.stored(); ++i) ASSERT_FALSE(std::isnan(result.y.data()[i]));
}

TEST(Pool, MatchesTheOracleForEveryBatchAndChannelCount) {
  const std::vector<int> batches{1, 3, 31, 32, 33, 40}, channels{1, 3, 6, 16, 17};
  std::vector<OraclePool> pools = avg_pools();
  pools.insert(pools.end(), kMaxPools.begin(), kMaxPools.end());
  for (size_t p = 0; p < pools.size(); ++p) {
    SCOPED_TRACE("window " + std::to_string(p));
    for (size_t i = 0; i < batches.size(); ++i) {  // every batch, and every channel count
      const int n = batches[i], c = channels[(i + p) % channels.size()];
      SCOPED_TRACE(std::to_string(n) + " images, " + std::to_string(c) + " channels");
      expect_matches_oracle(pools[p], random_images(n, c, pools[p].y.in, pools[p].x.in, 1));
    }
  }
}

// Few distinct values: most windows hold a tie.
TEST(Pool, TheFirstOfEqualInputsWins) {
  for (const OraclePool& pool : kMaxPools) {
    Tensor x = random_images(33, 3, pool.y.in, pool.x.in, 3);
    for (int64_t i = 0; i < x.stored(); ++i) x.data()[i] = std::round(x.data()[i]);
    expect_matches_oracle(pool, x);
  }
}

// dx of -inf and NaN windows included. NaN may not reach the padded rows, hence a full block.
TEST(Pool, NanAndInfinityFollowPyTorch) {
  testing::for_each_isa([] {
    for (const OraclePool& pool : kMaxPools) {
      Tensor x = random_images(32, 3, pool.y.in, pool.x.in, 4);
      Philox random(1, Purpose::kTest);
      for (int64_t i = 0; i < x.stored(); ++i) {
        const float draw = random.uniform();
        if (draw < 0.5f) x.data()[i] = -kInf;
        if (draw > 0.9f) x.data()[i] = std::nanf("");
        if (draw > 0.95f) x.data()[i] = kInf;
      }
      const Tensor dy = random_images(32, 3, pool.y.out(), pool.x.out(), 2);
      const Result result = run_both([&](const Variable& in) { return run(pool, in); }, x, dy);
      const std::vector<float> values = nchw_from_images(x), upstream = nchw_from_images(dy);
      const std::vector<float> y = nchw_from_images(result.y), dx = nchw_from_images(result.dx);
      const int64_t in = int64_t{x.h()} * x.w(), out = int64_t{dy.h()} * dy.w();
      for (int64_t plane = 0; plane < 96; ++plane) {
        const testing::OraclePlane expected =
            testing::pool_plane(pool, values.data() + plane * in, upstream.data() + plane * out);
        expect_near({y.begin() + plane * out, y.begin() + (plane + 1) * out}, expected.y, 0, "y");
        expect_near({dx.begin() + plane * in, dx.begin() + (plane + 1) * in}, expected.dx, 1e-5,
                    "dx");
      }
    }
  });
}

struct Kernels {
  const kernels::PoolOp op;
  const kernels::PoolGeometry geometry;

  explicit Kernels(const OraclePool& pool)
      : op{.kind = pool.max ? kernels::PoolKind::kMax : kernels::PoolKind::kAvg,
           .count_include_pad = pool.count_include_pad,
           .divisor = pool.divisor},
        geometry(Window2d{axis(pool.y), axis(pool.x)}) {}
  static Axis axis(const testing::OracleAxis& a) {
    return {a.in, a.kernel, a.stride, a.pad, a.dilation, a.ceil_mode};
  }
  // Forward and backward.
  Result run(const kernels::PoolKernel& kernel, const Tensor& x, const Tensor& dy,
             bool after_relu) const {
    kernels::PoolOp with_relu = op;
    with_relu.after_relu = after_relu;
    Result result{testing::poisoned_like(dy), testing::poisoned_like(x)};
    kernels::PoolKept kept = kernels::pool_keep(with_relu, geometry, x, result.y);
    kernel.forward(with_relu, geometry, x, result.y, kept.notes);
    kernel.backward(with_relu, geometry, kept, dy, result.dx);
    return result;
  }
};

// Same formulas in the same order, so equal to the bit. 33 * 17 lanes leave a remainder.
TEST(Pool, EveryKernelOnEveryIsaEqualsTheReference) {
  const std::span<const kernels::PoolKernel> list = kernels::pool_kernels();
  ASSERT_EQ(list.back().name, "reference");
  ASSERT_GE(list.size(), 2u);
  for (const bool max : {true, false}) {
    for (OraclePool pool : kMaxPools) {
      pool.max = max;
      const Kernels pooling(pool);
      for (const int n : {5, 33}) {
        const Tensor x = random_images(n, 17, pool.y.in, pool.x.in, 1);
        const Tensor dy = random_images(n, 17, pool.y.out(), pool.x.out(), 2);
        const Result expected = pooling.run(list.back(), x, dy, false);
        testing::for_each_isa([&] {
          for (const kernels::PoolKernel& kernel : list) {
            SCOPED_TRACE(kernel.name);
            const Result found = pooling.run(kernel, x, dy, false);
            testing::expect_same_bytes(found.y, expected.y);
            testing::expect_same_bytes(found.dx, expected.dx);
          }
        });
      }
    }
  }
}

std::vector<OraclePool> all_pools() {
  std::vector<OraclePool> pools = avg_pools();
  pools.insert(pools.end(), kMaxPools.begin(), kMaxPools.end());
  // As many taps as a byte has numbers, and one less: the last number is nobody's.
  pools.push_back({{16, 16, 1, 0, 1, false}, {17, 16, 1, 0, 1, false}});
  pools.push_back({{15, 15, 1, 0, 1, false}, {18, 17, 1, 0, 1, false}});
  return pools;
}

// Zeros of both signs, NaN and negative numbers among the inputs.
TEST(Pool, AfterAReluTheGradientStopsWhereItsOutputIsNotPositive) {
  testing::for_each_isa([] {
    for (const OraclePool& pool : all_pools()) {
      const Kernels pooling(pool);
      Tensor x = random_images(32, 17, pool.y.in, pool.x.in, 1);
      for (int64_t i = 0; i < x.stored(); i += 3) x.data()[i] = i % 2 == 0 ? 0.f : -0.f;
      for (int64_t i = 0; i < x.stored(); i += 41) x.data()[i] = std::nanf("");
      const Tensor dy = random_images(32, 17, pool.y.out(), pool.x.out(), 2);
      for (const kernels::PoolKernel& kernel : kernels::pool_kernels()) {
        SCOPED_TRACE(kernel.name);
        const Result plain = pooling.run(kernel, x, dy, false);
        const Result found = pooling.run(kernel, x, dy, true);
        testing::expect_same_bytes(found.y, plain.y);
        Tensor expected = plain.dx.clone();
        for (int64_t i = 0; i < x.stored(); ++i) {
          if (x.data()[i] <= 0) expected.data()[i] = 0.f;
        }
        testing::expect_same_bytes(found.dx, expected);
      }
    }
  });
}

// Few channels and many, and tensors of one chunk of sums and of several.
TEST(Pool, BackwardAndSumEqualsOneAfterTheOther) {
  const kernels::PoolKernel& kernel = kernels::pool_kernels().front();
  testing::for_each_isa([&] {
    for (const OraclePool& pool : all_pools()) {
      const Kernels pooling(pool);
      for (const auto& [n, c] : std::vector<std::array<int, 2>>{{3, 700}, {40, 17}, {97, 6}}) {
        for (const DType type : {DType::kF32, DType::kBF16}) {
          const Tensor x = kernels::stored_as(random_images(n, c, pool.y.in, pool.x.in, 1), type);
          const Tensor dy =
              kernels::stored_as(random_images(n, c, pool.y.out(), pool.x.out(), 2), type);
          Tensor y = Tensor::like(dy), expected = Tensor::like(x);
          kernels::PoolKept kept = kernels::pool_keep(pooling.op, pooling.geometry, x, y);
          kernel.forward(pooling.op, pooling.geometry, x, y, kept.notes);
          kernel.backward(pooling.op, pooling.geometry, kept, dy, expected);
          Tensor dx = testing::poisoned_like(x);
          const Tensor sums =
              kernels::pool_backward_and_sum(pooling.op, pooling.geometry, kept, dy, dx);
          testing::expect_same_bytes(dx, expected);
          testing::expect_same_bytes(sums, kernels::channel_sum(expected));
        }
      }
    }
  });
}

Tensor block_of(const Tensor& images, int nb) {
  Tensor block = Tensor::images(images.block(), images.c(), images.h(), images.w(), images.dtype());
  std::memcpy(block.data<std::byte>(), images.data<std::byte>() + nb * block.bytes(),
              block.bytes());
  return block;
}

// The whole is more than caches hold and is written past them, a block is not.
TEST(Pool, LargeMapsHaveTheBitsOfTheirBlocks) {
  const kernels::PoolKernel& kernel = kernels::pool_kernels().front();
  const OraclePool window{{170, 3, 2, 1, 1, false}, {170, 3, 2, 1, 1, false}};
  const kernels::PoolGeometry geometry = Kernels(window).geometry;
  for (const auto& [kind, type] :
       {std::pair{kernels::PoolKind::kMax, DType::kF32}, {kernels::PoolKind::kAvg, DType::kBF16}}) {
    const kernels::PoolOp op{.kind = kind};
    const Tensor x = kernels::stored_as(random_images(96, 3, 170, 170, 1), type);
    const Tensor dy = kernels::stored_as(random_images(96, 3, 85, 85, 2), type);
    const auto passes = [&](const Tensor& in, const Tensor& upstream) {
      Tensor y = testing::poisoned_like(upstream), dx = testing::poisoned_like(in);
      kernels::PoolKept kept = kernels::pool_keep(op, geometry, in, y);
      kernel.forward(op, geometry, in, y, kept.notes);
      kernel.backward(op, geometry, kept, upstream, dx);
      return std::array{y, dx};
    };
    testing::for_each_isa([&] {
      const auto whole = passes(x, dy), second = passes(block_of(x, 1), block_of(dy, 1));
      testing::expect_same_bytes(block_of(whole[0], 1), second[0]);
      testing::expect_same_bytes(block_of(whole[1], 1), second[1]);
    });
  }
}

// Pieces of rows in an order of their own: the last one completes y.
TEST(Pool, RowsArePooledAsTheyAreWritten) {
  for (const OraclePool& pool : all_pools()) {
    const Kernels pooling(pool);
    const Tensor x = random_images(70, 5, pool.y.in, pool.x.in, 1);
    const Tensor like = Tensor::images(70, 5, pool.y.out(), pool.x.out());
    Tensor expected = testing::poisoned_like(like), y = testing::poisoned_like(like);
    Tensor winners = kernels::pool_keep(pooling.op, pooling.geometry, x, y).notes;
    Tensor expected_winners = winners.defined() ? testing::poisoned_like(winners) : Tensor();
    if (winners.defined()) winners = testing::poisoned_like(winners);
    kernels::pool_kernels().front().forward(pooling.op, pooling.geometry, x, expected,
                                            expected_winners);
    kernels::RowPooling rows(pooling.op, pooling.geometry, x, y, winners);
    const int cut = x.w() / 3;
    for (int row = x.h(); row-- > 0;) {
      for (int nb = 0; nb < x.blocks(); ++nb) rows(nb, row, {cut, x.w()});
    }
    for (int nb = 0; nb < x.blocks(); ++nb) {
      for (int row = 0; row < x.h(); ++row) rows(nb, row, {0, cut});
    }
    testing::expect_same_bytes(y, expected);
    if (winners.defined()) testing::expect_same_bytes(winners, expected_winners);
  }
}

TEST(Pool, ThreadsDoNotChangeAByte) {
  for (const OraclePool& pool : {kMaxPools[1], avg_pools()[3]}) {
    const Tensor x = random_images(40, 17, pool.y.in, pool.x.in, 1);
    const Tensor dy = random_images(40, 17, pool.y.out(), pool.x.out(), 2);
    testing::expect_same_bytes_for_any_threads([&] {
      const Result result = run_both([&](const Variable& in) { return run(pool, in); }, x, dy);
      return std::vector<Tensor>{result.y, result.dx};
    });
  }
}

// The single row of global pooling is cut by as many threads as there are.
TEST(Pool, ThreadsDoNotChangeGlobalPooling) {
  const Tensor x = random_images(128, 70, 7, 6, 1), dy = random_images(128, 70, 1, 1, 2);
  const int before = threads();
  for (const bool max : {true, false}) {
    const Kernels pooling({{7, 7, 7, 0, 1, false}, {6, 6, 6, 0, 1, false}, max});
    const auto run_with = [&](int count) {
      set_threads(count);
      return pooling.run(kernels::pool_kernels().front(), x, dy, false);
    };
    const Result expected = run_with(1);
    for (const int count : {2, 3, 5, 16, 64}) {
      SCOPED_TRACE(std::to_string(count) + " threads");
      const Result found = run_with(count);
      testing::expect_same_bytes(found.y, expected.y);
      testing::expect_same_bytes(found.dx, expected.dx);
    }
  }
  set_threads(before);
}

TEST(Pool, AdaptiveCoversFloorToCeil) {
  for (const auto& [h, w, oh, ow] : std::vector<std::array<int, 4>>{
           {7, 5, 3, 2}, {8, 8, 4, 2}, {3, 4, 5, 7}, {6, 9, 1, 1}, {10, 7, 10, 7}}) {
    Tensor x = random_images(33, 3, h, w, 1);
    testing::fill_padded_rows(x, 3.f);
    const Tensor dy = random_images(33, 3, oh, ow, 2);
    const Result result =
        run_both([&, size = std::array{oh, ow}](
                     const Variable& in) { return adaptive_avg_pool2d(in, size); },
                 x, dy);
    const std::vector<float> values = nchw_from_images(x), upstream = nchw_from_images(dy);
    std::vector<double> y, dx(values.size());
    for (int64_t plane = 0; plane < 99; ++plane) {
      for (int oy = 0; oy < oh; ++oy) {
        for (int ox = 0; ox < ow; ++ox) {
          const int top = oy * h / oh, left = ox * w / ow;
          const int y_end = (oy + 1) * h / oh + ((oy + 1) * h % oh == 0 ? 0 : 1);
          const int x_end = (ox + 1) * w / ow + ((ox + 1) * w % ow == 0 ? 0 : 1);
          const double area = (y_end - top) * (x_end - left);
          double sum = 0;
          for (int iy = top; iy < y_end; ++iy) {
            for (int ix = left; ix < x_end; ++ix) {
              const size_t at = static_cast<size_t>((plane * h + iy) * w + ix);
              sum += double{values[at]};
              dx[at] += double{upstream[y.size()]} / area;
            }
          }
          y.push_back(sum / area);
        }
      }
    }
    expect_near(nchw_from_images(result.y), y, 1e-6, "y");
    expect_near(nchw_from_images(result.dx), dx, 1e-6, "dx");
    testing::expect_padded_rows_zero(result.dx);
  }
}

TEST(Pool, GradientsAgreeWithDifferences) {
  const Variable x(random_images(3, 2, 7, 6, 1), true);
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return avg_pool2d(in[0], {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}});
      },
      {x});
  // Max has a kink where the two largest are near: spread values leave none within the step.
  Tensor spread = random_images(3, 2, 7, 6, 1);
  for (int64_t i = 0; i < spread.stored(); ++i) {
    spread.data()[i] = static_cast<float>(i * 7919 % spread.stored()) * 0.1f;
  }
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return max_pool2d(in[0], {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}});
      },
      {Variable(spread, true)}, {.tolerance = 5e-3});
}

// By hand: the four corners of PyTorch's divisor rule. A 3x3 map of ones, window 2, stride 2,
// padding 1, ceil_mode: windows start at -1, 1; the sums are 1, 2; 2, 4.
TEST(Pool, DivisorsByHand) {
  const Variable x(Tensor::images_zeros(1, 1, 3, 3));
  std::fill_n(Variable(x).value().data(), 9, 1.f);
  AvgPool2dOptions options{
      .kernel_size = {2, 2}, .stride = {{2, 2}}, .padding = {1, 1}, .ceil_mode = true};
  EXPECT_THAT(nchw_from_images(avg_pool2d(x, options).value()),
              ::testing::ElementsAre(0.25f, 0.5f, 0.5f, 1.f));
  options.count_include_pad = false;
  EXPECT_THAT(nchw_from_images(avg_pool2d(x, options).value()),
              ::testing::ElementsAre(1.f, 1.f, 1.f, 1.f));
  options.divisor_override = 8;
  EXPECT_THAT(nchw_from_images(avg_pool2d(x, options).value()),
              ::testing::ElementsAre(0.125f, 0.25f, 0.25f, 0.5f));
  // Window 3, stride 2, padding 1, ceil_mode on 6 ones: the windows hold 2, 3, 3 and 1 of them. The
  // last, {5 6 7}, counts 6, which is padding, but not 7, which is its overhang.
  const Variable row(Tensor::images_zeros(1, 1, 1, 6));
  std::fill_n(Variable(row).value().data(), 6, 1.f);
  const AvgPool2dOptions over{
      .kernel_size = {1, 3}, .stride = {{1, 2}}, .padding = {0, 1}, .ceil_mode = true};
  EXPECT_THAT(nchw_from_images(avg_pool2d(row, over).value()),
              ::testing::ElementsAre(2.f / 3, 1.f, 1.f, 0.5f));
}

TEST(Pool, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 4, 5));
  EXPECT_THAT(message_of([&] {
                max_pool2d(x, {.kernel_size = {6, 2}});
              }),
              ::testing::AllOf(::testing::HasSubstr("[max_pool2d] height"),
                               ::testing::HasSubstr("floor((4 + 2*0 - 1*(6-1) - 1) / 6) + 1")));
  EXPECT_THAT(message_of([&] {
                max_pool2d(x, {.padding = {0, 2}});
              }),
              ::testing::AllOf(::testing::HasSubstr("width"), ::testing::HasSubstr("half")));
  EXPECT_THAT(message_of([&] {
                avg_pool2d(x, {.kernel_size = {0, 2}});
              }),
              ::testing::HasSubstr("kernel_size 0"));
  EXPECT_THAT(message_of([&] { avg_pool2d(x, {.divisor_override = 0}); }),
              ::testing::HasSubstr("divisor_override"));
  EXPECT_THAT(message_of([&] {
                adaptive_avg_pool2d(x, {0, 1});
              }),
              ::testing::HasSubstr("output_size"));
  EXPECT_THAT(message_of([&] {
                max_pool2d(Variable(Tensor::zeros({2, 3, 4, 5})), {});
              }),
              ::testing::HasSubstr("(2, 3, 4, 5)"));
}

}  // namespace
}  // namespace weir
