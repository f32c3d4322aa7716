// The smooth, random and learned reducers: numbers by hand, differences, every kernel on every
// instruction set, bf16. `weir conformance` compares them with PyTorch and an oracle.
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/blend.h"
#include "core/functions/blur_pool2d.h"
#include "core/functions/lp_pool2d.h"
#include "core/functions/mixed_pool2d.h"
#include "core/functions/pool2d.h"
#include "core/functions/soft_pool2d.h"
#include "core/functions/stochastic_pool2d.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using testing::message_of;
using testing::random_images;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr PoolWindow kPair{.kernel_size = {1, 2}};
// Overlapping, padded and asymmetric.
constexpr PoolWindow kUneven{.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}};

struct Answer {
  float y;
  std::vector<float> dx;  // for dy = 1
};

Answer of_row(const std::function<Variable(const Variable&)>& function,
              const std::vector<float>& row) {
  const Variable x(images_from_nchw(row.data(), 1, 1, 1, static_cast<int>(row.size())), true);
  Tape tape;
  const Variable y = function(x);
  tape.backward(y);
  return {y.value().item(), nchw_from_images(x.grad())};
}

struct Reducer {
  std::string name;
  std::function<Variable(const Variable&, const PoolWindow&)> run;
};

const std::vector<Reducer>& reducers() {
  static const auto lp = [](LpForm form, float p, bool absolute) {
    return [=](const Variable& x, const PoolWindow& window) {
      return lp_pool2d(x, {.window = window, .form = form, .p = p, .absolute = absolute});
    };
  };
  static const std::vector<Reducer> all{
      {"sum of squares", lp(LpForm::kSum, 2, false)},
      {"sum of fourth powers", lp(LpForm::kSum, 4, false)},
      {"mean of powers 2.5", lp(LpForm::kMean, 2.5f, true)},
      {"Gaussian, p = 3", lp(LpForm::kGaussian, 3, true)},
      {"log-sum-exp",
       [](const Variable& x, const PoolWindow& window) {
         return log_sum_exp_pool2d(x, {.window = window, .beta = 2});
       }},
      {"soft",
       [](const Variable& x, const PoolWindow& window) {
         return soft_pool2d(x, {.window = window, .beta = 1.5f});
       }},
      {"mean of stochastic",
       [](const Variable& x, const PoolWindow& window) {
         return stochastic_mean_pool2d(x, {.window = window});
       }},
      {"mixed",
       [](const Variable& x, const PoolWindow& window) {
         return mixed_pool2d(x, Variable(Tensor::full({1}, 0.25f)), window);
       }},
      {"random mixed",
       [](const Variable& x, const PoolWindow& window) {
         return random_mixed_pool2d(x, MixedPer::kRegion, {.seed = 3}, window);
       }},
  };
  return all;
}

TEST(PoolReducers, NumbersByHand) {
  const std::vector<float> row{3, 4};
  const Answer sum = of_row([](auto& x) { return lp_pool2d(x, {.window = kPair}); }, row);
  EXPECT_FLOAT_EQ(sum.y, 5);
  EXPECT_THAT(sum.dx, ::testing::Pointwise(::testing::FloatEq(), {0.6f, 0.8f}));
  const Answer mean =
      of_row([](auto& x) { return lp_pool2d(x, {.window = kPair, .form = LpForm::kMean, .p = 1}); },
             {-3, 4});
  EXPECT_FLOAT_EQ(mean.y, 3.5f);
  EXPECT_EQ(mean.dx, (std::vector<float>{-0.5f, 0.5f}));
  const float third = std::log(2.f);  // odds 1 : 2
  const Answer lse =
      of_row([](auto& x) { return log_sum_exp_pool2d(x, {.window = kPair}); }, {0, third});
  EXPECT_NEAR(lse.y, std::log(1.5), 1e-7);
  EXPECT_NEAR(lse.dx[1], 2.0 / 3, 1e-7);
  const Answer soft = of_row([](auto& x) { return soft_pool2d(x, {.window = kPair}); }, {0, third});
  EXPECT_NEAR(soft.y, third * 2 / 3, 1e-7);
  EXPECT_NEAR(soft.dx[0], (1 - third * 2 / 3) / 3, 1e-7);
  const Answer drawn =
      of_row([](auto& x) { return stochastic_mean_pool2d(x, {.window = kPair}); }, {1, 3});
  EXPECT_FLOAT_EQ(drawn.y, 2.5f);                              // (1 + 9) / 4
  EXPECT_EQ(drawn.dx, (std::vector<float>{-0.125f, 0.875f}));  // (2 - 2.5) / 4, (6 - 2.5) / 4
}

TEST(PoolReducers, TheDrawTakesTheFirstCellThatExceedsTheNumber) {
  const auto drawn = [](float uniform, const std::vector<float>& row) {
    const PoolWindow window{.kernel_size = {1, static_cast<int>(row.size())}};
    Tensor numbers = Tensor::images(1, 1, 1, 1);
    numbers.data()[0] = uniform;
    return of_row([&](auto& x) { return stochastic_pool2d(x, {.window = window}, numbers); }, row);
  };
  const std::vector<float> row{1, -5, 2, 1};  // sums of odds: 1, 1, 3, 4
  EXPECT_EQ(drawn(0, row).y, 1);
  EXPECT_EQ(drawn(0.2499f, row).y, 1);
  EXPECT_EQ(drawn(0.25f, row).y, 2);
  EXPECT_EQ(drawn(0.7499f, row).dx, (std::vector<float>{0, 0, 1, 0}));
  EXPECT_EQ(drawn(0x1.fffffep-1f, row).dx, (std::vector<float>{0, 0, 0, 1}));
  EXPECT_EQ(drawn(0.5f, {-1, -2}).y, 0);
  EXPECT_EQ(drawn(0.5f, {-1, -2}).dx, (std::vector<float>{0, 0}));
  EXPECT_EQ(drawn(0.9f, {5, kInf, 1, kInf}).dx, (std::vector<float>{0, 1, 0, 0}));
  EXPECT_TRUE(std::isnan(drawn(0.5f, {1, NAN}).y));
}

TEST(PoolReducers, CornersAreDefined) {
  const auto nan_comes_through = [](const Reducer& reducer) {
    return std::isnan(of_row([&](auto& x) { return reducer.run(x, kPair); }, {NAN, 1}).y);
  };
  for (const Reducer& reducer : reducers()) {
    if (reducer.name == "random mixed") continue;
    EXPECT_TRUE(nan_comes_through(reducer)) << reducer.name;
  }
  const auto lse = [](auto& x) { return log_sum_exp_pool2d(x, {.window = kPair}); };
  const auto soft = [](auto& x) { return soft_pool2d(x, {.window = kPair}); };
  for (const Answer& nothing : {of_row(lse, {-kInf, -kInf}), of_row(soft, {-kInf, -kInf})}) {
    EXPECT_EQ(nothing.y, -kInf);
    EXPECT_EQ(nothing.dx, (std::vector<float>{0, 0}));
  }
  EXPECT_EQ(of_row(soft, {kInf, 1}).y, kInf);
  const Answer far = of_row(lse, {1000, 0});  // e^1000 is beyond floats
  EXPECT_FLOAT_EQ(far.y, 1000 - std::log(2.f));
  const auto norm = [](auto& x) { return lp_pool2d(x, {.window = kPair}); };
  EXPECT_EQ(of_row(norm, {0, 0}).dx, (std::vector<float>{0, 0}));
  EXPECT_FLOAT_EQ(of_row(norm, {3e30f, 4e30f}).y, 5e30f);
  EXPECT_FLOAT_EQ(of_row(norm, {3e-30f, 4e-30f}).y, 5e-30f);
}

// Inputs from 0.5 to 2.5: away from the kinks at 0. Maxima have kinks at ties, which random values
// do not have within a step of 1/128 of each other often enough to matter: they are left out.
TEST(PoolReducers, GradientsAgreeWithDifferences) {
  Tensor values = random_images(3, 2, 7, 6, 1);
  for (int64_t i = 0; i < values.stored(); ++i) values.data()[i] += 1.5f;
  for (const Reducer& reducer : reducers()) {
    if (reducer.name.find("mixed") != std::string::npos) continue;
    SCOPED_TRACE(reducer.name);
    testing::gradcheck([&](const std::vector<Variable>& in) { return reducer.run(in[0], kUneven); },
                       {Variable(values, true)});
  }
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return blur_pool2d(in[0], {.filter_size = 4, .stride = 3});
      },
      {Variable(values, true)});
}

TEST(PoolReducers, GradientsOfParametersAgreeWithDifferences) {
  Tensor values = random_images(3, 2, 7, 6, 1);
  for (int64_t i = 0; i < values.stored(); ++i) values.data()[i] += 1.5f;
  const Variable x(values);
  const testing::GradcheckOptions options{.tolerance = 5e-3};
  for (const LpForm form : {LpForm::kSum, LpForm::kMean, LpForm::kGaussian}) {
    testing::gradcheck(
        [&](const std::vector<Variable>& in) {
          return lp_pool2d(x, in[0], {.window = kUneven, .form = form});
        },
        {Variable(Tensor::full({1}, 2.5f), true)}, options);
  }
  for (const int sharers : {1, 2}) {
    testing::gradcheck(
        [&](const std::vector<Variable>& in) { return mixed_pool2d(x, in[0], kUneven); },
        {Variable(Tensor::full({sharers}, 0.3f), true)}, options);
    testing::gradcheck(
        [&](const std::vector<Variable>& in) { return gated_pool2d(x, in[0], kUneven); },
        {Variable(testing::random_plain({sharers, 3, 2}, 4), true)}, options);
  }
  testing::gradcheck(
      [&](const std::vector<Variable>& in) { return scale_shift(in[0], in[1], in[2]); },
      {Variable(values, true), Variable(testing::random_plain({2}, 5), true),
       Variable(testing::random_plain({2}, 6), true)},
      options);
}

// The fast loops against plain floats: exp and log differ by 2^-22 of their result at most, sums of
// six terms by six roundings, and inputs of both signs within 1 keep all results below 6.
TEST(PoolReducers, EveryInstructionSetAgrees) {
  const Tensor x = random_images(33, 5, 7, 6, 1);
  const auto run = [&](const Reducer& reducer) {
    const Variable in(x, true);
    Tape tape;
    const Variable y = reducer.run(in, kUneven);
    tape.backward(testing::weighted_sum(y, testing::upstream_for(y.value())));
    std::vector<float> all = nchw_from_images(y.value()), dx = nchw_from_images(in.grad());
    all.insert(all.end(), dx.begin(), dx.end());
    return all;
  };
  for (const Reducer& reducer : reducers()) {
    if (reducer.name == "mean of powers 2.5") continue;  // of negative numbers too: same as p = 3
    SCOPED_TRACE(reducer.name);
    const std::vector<float> expected = run(reducer);
    testing::for_each_isa([&] {
      const std::vector<float> found = run(reducer);
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 6 * 6 * 0x1p-20) << i;
      }
    });
  }
}

TEST(PoolReducers, MixturesAtTheirEndsAreMaximumAndAverageToTheBit) {
  const Variable x(random_images(3, 5, 7, 6, 1));
  const auto mixed = [&](float share) {
    return nchw_from_images(mixed_pool2d(x, Variable(Tensor::full({1}, share)), kUneven).value());
  };
  const auto average = avg_pool2d(
      x,
      {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}, .count_include_pad = false});
  EXPECT_EQ(mixed(1), nchw_from_images(max_pool2d(x, kUneven).value()));
  EXPECT_EQ(mixed(0), nchw_from_images(average.value()));
}

TEST(PoolReducers, CoinsAreSharedAsAsked) {
  const Variable x(random_images(2, 64, 4, 4, 1));
  const PoolWindow window{};
  const auto is_max = [&](MixedPer per) {
    const auto mixed = nchw_from_images(random_mixed_pool2d(x, per, {.seed = 1}, window).value());
    const auto max = nchw_from_images(max_pool2d(x, window).value());
    std::vector<int> of_channel;
    for (size_t i = 0; i < mixed.size(); i += 4) {
      int count = 0;
      for (size_t k = i; k < i + 4; ++k) count += mixed[k] == max[k];
      of_channel.push_back(count);
    }
    return of_channel;
  };
  EXPECT_THAT(is_max(MixedPer::kLayer), ::testing::AnyOf(::testing::Each(0), ::testing::Each(4)));
  EXPECT_THAT(is_max(MixedPer::kChannel), ::testing::Each(::testing::AnyOf(0, 4)));
  EXPECT_THAT(is_max(MixedPer::kChannel), ::testing::IsSupersetOf({0, 4}));
  EXPECT_THAT(is_max(MixedPer::kRegion), ::testing::IsSupersetOf({1, 2, 3}));
}

TEST(PoolReducers, ErrorsNameTheNumbers) {
  const Variable x(random_images(1, 2, 4, 4, 1));
  EXPECT_THAT(message_of([&] { lp_pool2d(x, {.p = 0}); }), HasSubstr("above 0, got 0"));
  EXPECT_THAT(message_of([&] { lp_pool2d(x, {.sigma = -1.f}); }), HasSubstr("got -1"));
  EXPECT_THAT(message_of([&] { lp_pool2d(x, Variable(Tensor::full({2}, 2.f)), {}); }),
              HasSubstr("shape (1), got (2)"));
  EXPECT_THAT(message_of([&] { soft_pool2d(x, {.beta = -2}); }), HasSubstr("above 0, got -2"));
  EXPECT_THAT(message_of([&] { stochastic_pool2d(x, {}, Tensor::images(1, 2, 3, 3)); }),
              HasSubstr("(1, 2, 2, 2), got (1, 2, 3, 3)"));
  EXPECT_THAT(message_of([&] { blur_pool2d(x, {.filter_size = 8}); }), HasSubstr("1 to 7, got 8"));
  EXPECT_THAT(message_of([&] {
                gated_pool2d(x, Variable(Tensor::zeros({3, 2, 2})), {});
              }),
              HasSubstr("(1 or 2, 2, 2), got (3, 2, 2)"));
}

}  // namespace
}  // namespace weir
