#include "layers/init.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/parallel.h"
#include "layers/layers.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

// fan_in: 12 / 3 * 3 * 5 = 60 and 420; fan_out as PyTorch counts it: 30 * 15 = 450 and 200.
Sequential two_weights() {
  return Sequential{Conv2d{12, 30, {.kernel_size = {3, 5}, .groups = 3}}, BatchNorm2d{30},
                    Flatten{}, Linear{420, 200}};
}

std::vector<float> values_of(Sequential& net, const std::string& name) {
  for (const NamedParameter& parameter : net.parameters()) {
    const Tensor& value = parameter.variable.value();
    if (parameter.name == name) return {value.data(), value.data() + value.numel()};
  }
  ADD_FAILURE() << "no parameter " << name;
  return {};
}

struct Moments {
  double mean = 0, variance = 0, largest = 0;
};
Moments moments_of(const std::vector<float>& values) {
  Moments m;
  const double count = static_cast<double>(values.size());
  for (const float v : values) m.mean += v / count;
  for (const float v : values) m.variance += (v - m.mean) * (v - m.mean) / count;
  for (const float v : values) m.largest = std::max(m.largest, std::abs(double{v}));
  return m;
}

// The sample mean of n values has deviation sigma / sqrt(n), the sample variance has
// sigma^2 * sqrt((kurtosis - 1) / n); kurtosis is 3 for the normal and 1.8 for the uniform
// distribution. Five deviations are allowed; the seeds are fixed, so a pass stays a pass.
void expect_moments(const std::vector<float>& values, double variance, double kurtosis) {
  const double count = static_cast<double>(values.size());
  const Moments m = moments_of(values);
  EXPECT_NEAR(m.mean, 0, 5 * std::sqrt(variance / count));
  EXPECT_NEAR(m.variance, variance, 5 * variance * std::sqrt((kurtosis - 1) / count));
}

void expect_normal(const std::vector<float>& values, double variance) {
  expect_moments(values, variance, 3);
  EXPECT_GT(moments_of(values).largest, 2.5 * std::sqrt(variance)) << "no tails";
}

void expect_uniform(const std::vector<float>& values, double variance) {
  expect_moments(values, variance, 1.8);
  const double bound = std::sqrt(3 * variance);
  const double largest = moments_of(values).largest;
  EXPECT_LE(largest, bound * (1 + 1e-6));
  EXPECT_GT(largest, 0.95 * bound);
}

struct Case {
  const char* method;
  void (*expect)(const std::vector<float>&, double variance);
  double conv_variance, linear_variance;
};

class Distribution : public ::testing::TestWithParam<Case> {};

TEST_P(Distribution, MeanVarianceAndTails) {
  Sequential net = two_weights();
  initialize(net, {.method = GetParam().method, .seed = 5});
  GetParam().expect(values_of(net, "0.weight"), GetParam().conv_variance);
  GetParam().expect(values_of(net, "3.weight"), GetParam().linear_variance);
}

INSTANTIATE_TEST_SUITE_P(
    Methods, Distribution,
    ::testing::Values(Case{"kaiming_normal", expect_normal, 2.0 / 60, 2.0 / 420},
                      Case{"kaiming_uniform", expect_uniform, 2.0 / 60, 2.0 / 420},
                      Case{"xavier_normal", expect_normal, 2.0 / 510, 2.0 / 620},
                      Case{"xavier_uniform", expect_uniform, 2.0 / 510, 2.0 / 620},
                      Case{"pytorch", expect_uniform, 1.0 / 180, 1.0 / 1260}),
    [](const auto& test) { return test.param.method; });

TEST(Initialize, BiasesAndNormalisation) {
  for (const InitMethod& method : init_methods()) {
    Sequential net = two_weights();
    for (const NamedParameter& parameter : net.parameters()) {
      Variable variable = parameter.variable;
      std::fill_n(variable.value().data(), variable.value().numel(), 99.f);
    }
    initialize(net, {.method = std::string(method.name),
                     .seed = 5,
                     .batch = testing::random_images(4, 12, 4, 11, 1)});
    EXPECT_THAT(values_of(net, "1.weight"), ::testing::Each(1.f)) << method.name;
    EXPECT_THAT(values_of(net, "1.bias"), ::testing::Each(0.f)) << method.name;
    if (method.name == "pytorch") continue;
    EXPECT_THAT(values_of(net, "0.bias"), ::testing::Each(0.f)) << method.name;
    EXPECT_THAT(values_of(net, "3.bias"), ::testing::Each(0.f)) << method.name;
  }
}

TEST(Initialize, PyTorchBiasesAreUniform) {
  Sequential net = two_weights();
  initialize(net, {.method = "pytorch", .seed = 5});
  expect_uniform(values_of(net, "3.bias"), 1.0 / 1260);
  const Moments conv = moments_of(values_of(net, "0.bias"));
  EXPECT_LE(conv.largest, 1 / std::sqrt(60.0));
  EXPECT_GT(conv.largest, 0.5 / std::sqrt(60.0));
}

// Q^T Q = I. Single precision Householder reflections leave errors of a few eps * sqrt(n) per
// element: 1e-5 is generous for n = 420.
void expect_orthonormal(const std::vector<float>& matrix, int rows, int columns) {
  const bool wide = rows <= columns;
  const int count = wide ? rows : columns, length = wide ? columns : rows;
  const auto at = [&](int vector, int i) {
    const int index = wide ? vector * columns + i : i * columns + vector;
    return double{matrix[static_cast<size_t>(index)]};
  };
  double worst = 0;
  for (int a = 0; a < count; ++a) {
    for (int b = a; b < count; ++b) {
      double dot = 0;
      for (int i = 0; i < length; ++i) dot += at(a, i) * at(b, i);
      worst = std::max(worst, std::abs(dot - (a == b)));
    }
  }
  EXPECT_LT(worst, 1e-5);
}

TEST(Orthogonal, TheShorterSideIsOrthonormal) {
  Sequential net{Conv2d{4, 30, {.kernel_size = {3, 5}}}, Conv2d{2, 70, {.kernel_size = 3}},
                 Flatten{}, Linear{41, 41}};
  initialize(net, {.method = "orthogonal", .seed = 5});
  expect_orthonormal(values_of(net, "0.weight"), 30, 60);
  expect_orthonormal(values_of(net, "1.weight"), 70, 18);
  expect_orthonormal(values_of(net, "3.weight"), 41, 41);
}

// The signs are random too: without the correction by R's diagonal, the diagonal of a square Q from
// Householder reflections is almost always negative. 200 matrices of 1 x 1: about half are +1;
// five deviations of a binomial are 5 * sqrt(200) / 2 = 35.
TEST(Orthogonal, SignsAreNotTheConventionOfLapack) {
  int positive = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Sequential net{Flatten{}, Linear{1, 1}};
    initialize(net, {.method = "orthogonal", .seed = seed});
    const float value = values_of(net, "1.weight")[0];
    EXPECT_NEAR(std::abs(value), 1, 1e-6);
    positive += value > 0;
  }
  EXPECT_NEAR(positive, 100, 35);
}

TEST(Initialize, ThreadsDoNotChangeTheNumbers) {
  const int before = threads();
  for (const InitMethod& method : init_methods()) {
    std::vector<std::vector<float>> results;
    for (const int count : {1, 3}) {
      set_threads(count);
      // 300 * 420 numbers are several chunks of random numbers.
      Sequential net{Conv2d{12, 30, {.kernel_size = 3}}, ReLU{}, Flatten{}, Linear{30 * 14, 300}};
      initialize(net, {.method = std::string(method.name),
                       .seed = 5,
                       .batch = testing::random_images(33, 12, 4, 9, 1)});
      results.push_back(values_of(net, "3.weight"));
    }
    EXPECT_EQ(results[0], results[1]) << method.name;
  }
  set_threads(before);
}

TEST(Initialize, SeedsAndParametersDiffer) {
  const auto weights = [](uint64_t seed, const char* name) {
    Sequential net{Flatten{}, Linear{8, 8}, Linear{8, 8}};
    initialize(net, {.seed = seed});
    return values_of(net, name);
  };
  EXPECT_EQ(weights(1, "1.weight"), weights(1, "1.weight"));
  EXPECT_NE(weights(1, "1.weight"), weights(2, "1.weight"));
  EXPECT_NE(weights(1, "1.weight"), weights(1, "2.weight"));
}

TEST(Initialize, WrongRequests) {
  Sequential net = two_weights();
  try {
    initialize(net, {.method = "xavier"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("unknown initialiser 'xavier'"));
  }
  try {
    initialize(net, {.method = "lsuv"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'lsuv' needs a batch"));
  }
}

}  // namespace
}  // namespace weir
