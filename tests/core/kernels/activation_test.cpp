#include "core/functions/activation.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kSlope = 0.2f;

struct Case {
  const char* name;
  std::function<Variable(const Variable&)> function;
  std::function<double(double)> value, derivative;
  // Error relative to max(1, |x|): rounding of a few operations, 1e-7 each, and 1.5e-7 for the
  // approximation of erf.
  double tolerance;
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double cumulative_normal(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

std::vector<Case> cases() {
  return {
      {"relu", relu, [](double x) { return x > 0 ? x : 0; },
       [](double x) { return x > 0 ? 1.0 : 0.0; }, 0},
      {"leaky_relu", [](const Variable& x) { return leaky_relu(x, kSlope); },
       [](double x) { return x > 0 ? x : double{kSlope} * x; },
       [](double x) { return x > 0 ? 1.0 : double{kSlope}; }, 1e-7},
      {"gelu", gelu, [](double x) { return x * cumulative_normal(x); },
       [](double x) {
         return cumulative_normal(x) + x * std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
       },
       4e-7},
      {"silu", silu, [](double x) { return x * logistic(x); },
       [](double x) { return logistic(x) * (1 + x * (1 - logistic(x))); }, 6e-7},
      {"sigmoid", sigmoid, logistic, [](double x) { return logistic(x) * logistic(-x); }, 6e-7},
      {"tanh", [](const Variable& x) { return tanh(x); }, [](double x) { return std::tanh(x); },
       [](double x) { return 1 - std::tanh(x) * std::tanh(x); }, 6e-7},
  };
}

// Values from -20 to 20, dense around 0, and the extremes.
Tensor points() {
  std::vector<float> values{0.f, 1e-20f, -1e-20f, 100.f, -100.f, 1e4f, -1e4f};
  for (int i = -400; i <= 400; ++i) values.push_back(static_cast<float>(i) * 0.05f);
  for (int i = -100; i <= 100; ++i) values.push_back(static_cast<float>(i) * 1e-3f);
  const auto count = static_cast<int64_t>(values.size());
  return Tensor::from(std::move(values), {count});
}

// The gradient of y with dy as given; x gets none from elsewhere.
Tensor gradient(const Case& activation, const Tensor& x, const Tensor& dy) {
  Variable in(x, true);
  Tape tape;
  const Variable out = activation.function(in);
  const Variable dot(Tensor::full({1}, 0.f), true);
  tape.record("dot", dot, [&](const Tensor&) { out.accumulate_grad(dy); });
  testing::poison_next(x, 3);
  tape.backward(dot);
  return in.grad();
}

TEST(Activation, ValuesAndGradientsMatchDoublePrecision) {
  const Tensor x = points();
  testing::for_each_isa([&] {
    for (const Case& activation : cases()) {
      SCOPED_TRACE(activation.name);
      testing::poison_next(x, 3);
      const Tensor y = activation.function(Variable(x)).value();
      const Tensor dx = gradient(activation, x, Tensor::full({x.numel()}, -2.f));
      for (int64_t i = 0; i < x.numel(); ++i) {
        const double at = double{x.data()[i]},
                     bound = activation.tolerance * std::max(1.0, std::abs(at));
        ASSERT_NEAR(y.data()[i], activation.value(at), bound) << "x = " << at;
        ASSERT_NEAR(dx.data()[i], -2 * activation.derivative(at), 4 * bound) << "x = " << at;
      }
    }
  });
}

TEST(Activation, NanStaysNanAndInfinityIsPassedOn) {
  const Tensor x = Tensor::from({std::nanf(""), kInf}, {2});
  testing::for_each_isa([&] {
    for (const Case& activation : cases()) {
      SCOPED_TRACE(activation.name);
      const Tensor y = activation.function(Variable(x)).value();
      EXPECT_TRUE(std::isnan(y.data()[0]));
      EXPECT_EQ(y.data()[1], activation.value(double{kInf}));
    }
  });
}

TEST(Activation, GradientOfReluAtZeroIsZeroAndOfLeakyReluItsSlope) {
  const Tensor x = Tensor::zeros({3}), dy = Tensor::full({3}, 1.f);
  EXPECT_EQ(gradient(cases()[0], x, dy).data()[1], 0.f);
  EXPECT_EQ(gradient(cases()[1], x, dy).data()[1], kSlope);
}

TEST(Activation, KeepsTheLayoutOfImagesAndZeroGradientsInPaddedRows) {
  const Tensor x = testing::random_images(35, 3, 2, 5, 1);
  for (const Case& activation : cases()) {
    const Tensor dx = gradient(activation, x, testing::random_images(35, 3, 2, 5, 2));
    EXPECT_EQ(dx.shape(), x.shape());
    EXPECT_EQ(dx.block(), x.block());
    testing::expect_padded_rows_zero(dx);
  }
}

TEST(Activation, RecordsOnlyWhenAskedTo) {
  const Variable constant(Tensor::zeros({3}));
  Tape tape;
  EXPECT_FALSE(relu(constant).requires_grad());
  EXPECT_TRUE(relu(Variable(Tensor::zeros({3}), true)).requires_grad());
}

TEST(Activation, RefusesOtherTypes) {
  EXPECT_THROW(relu(Variable()), Error);
  EXPECT_THROW(gelu(Variable(Tensor::zeros({3}, DType::kU8))), Error);
}

}  // namespace
}  // namespace weir
