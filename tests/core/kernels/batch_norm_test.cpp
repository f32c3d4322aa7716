#include "core/functions/batch_norm.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/functions/activation.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using testing::random_images;
using testing::random_plain;

struct Norm {
  explicit Norm(int channels)
      : weight(random_plain({channels}, 11), true),
        bias(random_plain({channels}, 12), true),
        mean(random_plain({channels}, 13)),
        var(Tensor::full({channels}, 0.7f)) {}
  Variable operator()(const Variable& x, const BatchNormOptions& options = {}) {
    return batch_norm(x, weight, bias, mean, var, options);
  }
  Variable weight, bias;
  Tensor mean, var;
};

struct Result {
  Tensor y, dx, dweight, dbias;
};

Result run_both(Norm& norm, const Tensor& x, const Tensor& dy, const BatchNormOptions& options) {
  Variable in(x, true);
  norm.weight.clear_grad();
  norm.bias.clear_grad();
  Tape tape;
  testing::poison_next(x, 3);
  const Variable out = norm(in, options);
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root, [&](const Tensor&) { out.accumulate_grad(dy); });
  testing::poison_next(x, 3);
  tape.backward(root);
  return {out.value(), in.grad(), norm.weight.grad(), norm.bias.grad()};
}

// One channel in double, from the definition; x and dy are the channel's values.
struct Expected {
  double mean = 0, var = 0, dweight = 0, dbias = 0;
  std::vector<double> y, dx;
};

Expected one_channel(const std::vector<double>& x, const std::vector<double>& dy, double weight,
                     double bias, double eps, bool training, double mean, double var) {
  Expected e;
  const double count = static_cast<double>(x.size());
  for (const double v : x) e.mean += v / count;
  for (const double v : x) e.var += (v - e.mean) * (v - e.mean) / count;
  const double centre = training ? e.mean : mean;
  const double inverse = 1 / std::sqrt((training ? e.var : var) + eps);
  for (size_t i = 0; i < x.size(); ++i) {
    const double h = (x[i] - centre) * inverse;
    e.y.push_back(h * weight + bias);
    e.dweight += dy[i] * h;
    e.dbias += dy[i];
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const double h = (x[i] - centre) * inverse;
    const double correction = training ? e.dbias / count + h * e.dweight / count : 0;
    e.dx.push_back(weight * inverse * (dy[i] - correction));
  }
  return e;
}

std::vector<double> channel(const Tensor& images, int c) {
  std::vector<double> values;
  const std::vector<float> all = nchw_from_images(images);
  const size_t plane = static_cast<size_t>(images.h() * images.w());
  for (int n = 0; n < images.n(); ++n) {
    const size_t begin = static_cast<size_t>(n * images.c() + c) * plane;
    values.insert(values.end(), all.begin() + static_cast<int64_t>(begin),
                  all.begin() + static_cast<int64_t>(begin + plane));
  }
  return values;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                 double tolerance, const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], tolerance) << what;
}

void expect_matches_definition(Tensor x, bool training) {
  testing::fill_padded_rows(x, 7.f);
  Norm norm(x.c());
  const Tensor old_mean = norm.mean.clone(), old_var = norm.var.clone();
  const Tensor dy = random_images(x.n(), x.c(), x.h(), x.w(), 2);
  const BatchNormOptions options{.training = training, .momentum = 0.3f, .eps = 1e-3f};
  const Result result = run_both(norm, x, dy, options);
  for (int c = 0; c < x.c(); ++c) {
    const Expected e =
        one_channel(channel(x, c), channel(dy, c), double{norm.weight.value().data()[c]},
                    double{norm.bias.value().data()[c]}, 1e-3, training, double{old_mean.data()[c]},
                    double{old_var.data()[c]});
    // Values of size 1 with a handful of roundings of 6e-8; sums over runs of 64 panels in float.
    const double count = static_cast<double>(e.y.size());
    expect_near(channel(result.y, c), e.y, 2e-6, "y");
    expect_near(channel(result.dx, c), e.dx, 4e-6, "dx");
    EXPECT_NEAR(result.dweight.data()[c], e.dweight, 1e-6 * std::max(count, 4.0));
    EXPECT_NEAR(result.dbias.data()[c], e.dbias, 1e-6 * std::max(count, 4.0));
    const double mean =
        training ? 0.7 * double{old_mean.data()[c]} + 0.3 * e.mean : double{old_mean.data()[c]};
    const double unbiased = e.var * count / (count - 1);
    const double var =
        training ? 0.7 * double{old_var.data()[c]} + 0.3 * unbiased : double{old_var.data()[c]};
    EXPECT_NEAR(norm.mean.data()[c], mean, 1e-6);
    EXPECT_NEAR(norm.var.data()[c], var, 1e-6);
  }
  testing::expect_padded_rows_zero(result.dx);
  for (int64_t i = 0; i < result.y.stored(); ++i) ASSERT_TRUE(std::isfinite(result.y.data()[i]));
}

TEST(BatchNorm, MatchesTheDefinition) {
  testing::for_each_isa([] {
    for (const bool training : {true, false}) {
      for (const auto& [n, c, h, w] : std::vector<std::array<int, 4>>{{1, 3, 5, 4},
                                                                      {3, 1, 2, 7},
                                                                      {31, 6, 3, 2},
                                                                      {32, 17, 1, 1},
                                                                      {33, 16, 3, 5},
                                                                      {40, 6, 11, 13},
                                                                      {2, 33, 1, 1}}) {
        SCOPED_TRACE(Shape({n, c, h, w}).str() + (training ? " training" : " evaluation"));
        expect_matches_definition(random_images(n, c, h, w, 1), training);
      }
    }
  });
}

// A spread of 1e-3 around 100: E[x^2] - E[x]^2 in float would have no digit left (1e4 * 6e-8 is
// larger than the variance). x itself is rounded to 8e-6, so about two digits of h remain.
TEST(BatchNorm, VarianceSurvivesALargeMean) {
  Tensor x = random_images(33, 3, 4, 5, 1);
  for (int64_t i = 0; i < x.stored(); ++i) x.data()[i] = 100.f + 1e-3f * x.data()[i];
  Norm norm(3);
  norm(Variable(x), {.momentum = 1.f});
  for (int c = 0; c < 3; ++c) {
    const Expected e = one_channel(channel(x, c), channel(x, c), 1, 0, 0, true, 0, 0);
    const double count = static_cast<double>(e.y.size());
    EXPECT_NEAR(norm.var.data()[c], e.var * count / (count - 1), 1e-5 * e.var);
    EXPECT_NEAR(norm.mean.data()[c], e.mean, 8e-6);
  }
}

TEST(BatchNorm, GradientsAgreeWithDifferences) {
  for (const bool training : {true, false}) {
    const Norm norm(3);
    const auto function = [&](const std::vector<Variable>& in) {
      Tensor mean = norm.mean.clone(), var = norm.var.clone();
      return batch_norm(in[0], in[1], in[2], mean, var, {.training = training});
    };
    testing::gradcheck(function,
                       {Variable(random_images(5, 3, 2, 3, 1), true), norm.weight, norm.bias});
  }
}

// The unfused pair has the same roundings in the same order; with BF16 the ReLU sees a rounded y,
// whose sign is that of y.
TEST(BatchNorm, FusedReluHasTheBitsOfThePair) {
  const auto pair = [](Norm& norm, const Tensor& x, const Tensor& dy, bool training) {
    Variable in(x, true);
    Tape tape;
    const Variable out = relu(norm(in, {.training = training}));
    const Variable root(Tensor::full({1}, 0.f), true);
    tape.record("upstream", root, [&](const Tensor&) { out.accumulate_grad(dy); });
    tape.backward(root);
    return Result{out.value(), in.grad(), norm.weight.grad(), norm.bias.grad()};
  };
  testing::for_each_isa([&] {
    for (const bool training : {true, false}) {
      for (const DType type : {DType::kF32, DType::kBF16}) {
        SCOPED_TRACE(name_of(type));
        const auto stored = [&](const Tensor& t) {
          return type == DType::kF32 ? t : testing::rounded(t);
        };
        Tensor x = stored(random_images(35, 17, 4, 7, 1));
        testing::fill_padded_rows(x, 7.f);
        const Tensor dy = stored(random_images(35, 17, 4, 7, 2));
        Norm fused(17), unfused(17);
        const Result found = run_both(fused, x, dy, {.training = training, .relu = true});
        const Result expected = pair(unfused, x, dy, training);
        testing::expect_same_bytes(found.y, expected.y);
        testing::expect_same_bytes(found.dx, expected.dx);
        testing::expect_same_bytes(found.dweight, expected.dweight);
        testing::expect_same_bytes(found.dbias, expected.dbias);
        testing::expect_same_bytes(fused.mean, unfused.mean);
      }
    }
  });
}

TEST(BatchNorm, WritesTheGradientOverAnUnsharedOne) {
  const Tensor x = random_images(33, 6, 3, 4, 1), upstream = random_images(33, 6, 3, 4, 2);
  for (const bool shared : {true, false}) {
    Norm norm(6);
    Variable in(x, true);
    Tape tape;
    const Variable out = norm(in, {.relu = true});
    const Variable root(Tensor::full({1}, 0.f), true);
    Tensor held;
    const float* memory = nullptr;
    tape.record("upstream", root, [&](const Tensor&) {
      Tensor dy = upstream.clone();
      memory = dy.data();
      if (shared) held = dy;
      out.accumulate_grad(std::move(dy));
    });
    tape.backward(root);
    EXPECT_EQ(in.grad().data() == memory, !shared);
    if (shared) testing::expect_same_bytes(held, upstream);
    testing::expect_padded_rows_zero(in.grad());
  }
}

TEST(BatchNorm, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, 9, 7, 1), dy = random_images(40, 17, 9, 7, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    Norm norm(17);
    const Result result = run_both(norm, x, dy, {});
    return std::vector<Tensor>{result.y,     result.dx, result.dweight,
                               result.dbias, norm.mean, norm.var};
  });
}

TEST(BatchNorm, GivesNoGradientToWhatAsksForNone) {
  const Variable x(random_images(3, 2, 2, 2, 1), true);
  Variable weight(Tensor::full({2}, 1.f)), bias(Tensor::zeros({2}), true);
  Tensor mean = Tensor::zeros({2}), var = Tensor::full({2}, 1.f);
  Tape tape;
  const Variable y = batch_norm(x, weight, bias, mean, var, {});
  tape.backward(testing::weighted_sum(y, testing::upstream_for(y.value())));
  EXPECT_TRUE(x.grad().defined());
  EXPECT_TRUE(bias.grad().defined());
  EXPECT_FALSE(weight.grad().defined());
}

TEST(BatchNorm, RefusesWhatCannotWork) {
  Norm norm(3);
  EXPECT_THROW(norm(Variable(Tensor::images_zeros(4, 2, 2, 2))), Error);  // channels differ
  EXPECT_THROW(norm(Variable(Tensor::images_zeros(1, 3, 1, 1))), Error);  // one value a channel
  EXPECT_NO_THROW(norm(Variable(Tensor::images_zeros(1, 3, 1, 1)), {.training = false}));
  EXPECT_THROW(norm(Variable(Tensor::zeros({4, 3, 2, 2}))), Error);  // not images
  EXPECT_THROW(norm(Variable(Tensor::images_zeros(4, 3, 2, 2)), {.eps = 0}), Error);
}

}  // namespace
}  // namespace weir
