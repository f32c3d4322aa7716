#include "core/kernels/elementwise.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using testing::for_each_isa;
using testing::random_plain;

// Every remainder of a vector of 4 to 16 lanes, and more than one piece of parallel work.
std::vector<int64_t> lengths() {
  std::vector<int64_t> all{16383, 16385, 50001};
  for (int64_t n = 1; n <= 33; ++n) all.push_back(n);
  return all;
}

TEST(Elementwise, AddsOnEveryIsa) {
  for_each_isa([] {
    for (const int64_t n : lengths()) {
      const Tensor a = random_plain({n}, 1), b = random_plain({n}, 2);
      Tensor sum = a.clone();
      kernels::add_in_place(sum, b);
      for (int64_t i = 0; i < n; ++i) ASSERT_EQ(sum.data()[i], a.data()[i] + b.data()[i]);
    }
  });
}

TEST(Elementwise, RefusesTensorsThatDiffer) {
  Tensor a = Tensor::zeros({6}), b = Tensor::zeros({2, 3});
  EXPECT_THROW(kernels::add_in_place(a, b), Error);
  Tensor images = Tensor::images_zeros(6, 1, 1, 1), plain = Tensor::zeros({6, 1, 1, 1});
  EXPECT_THROW(kernels::add_in_place(images, plain), Error);
}

TEST(Elementwise, Scales) {
  for_each_isa([] {
    for (const int64_t n : lengths()) {
      const Tensor a = random_plain({n}, 1);
      Tensor scaled = a.clone();
      kernels::scale_in_place(scaled, -0.75f);
      for (int64_t i = 0; i < n; ++i) ASSERT_EQ(scaled.data()[i], a.data()[i] * -0.75f);
    }
  });
}

TEST(Elementwise, SumsSquaresInDouble) {
  for_each_isa([] {
    for (const int64_t n : lengths()) {
      const Tensor a = random_plain({n}, 1);
      double expected = 0;
      for (int64_t i = 0; i < n; ++i) expected += double{a.data()[i]} * double{a.data()[i]};
      // n additions in double, in another order.
      ASSERT_NEAR(kernels::sum_of_squares(a), expected, static_cast<double>(n) * 1e-15 * expected);
    }
  });
  // The squares overflow a float.
  EXPECT_DOUBLE_EQ(kernels::sum_of_squares(Tensor::full({2}, 1e30f)),
                   2 * double{1e30f} * double{1e30f});
}

TEST(Elementwise, SumOfSquaresIgnoresTheNumberOfThreads) {
  const Tensor a = random_plain({300000}, 1);
  testing::expect_same_bytes_for_any_threads([&] {
    Tensor sum = Tensor::empty({2});
    const double value = kernels::sum_of_squares(a);
    std::memcpy(sum.data(), &value, sizeof value);
    return std::vector<Tensor>{sum};
  });
}

TEST(Elementwise, FindsTheOneValueThatIsNotFinite) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  for_each_isa([] {
    for (const int64_t n : {int64_t{1}, int64_t{17}, int64_t{16385}, int64_t{200003}}) {
      Tensor a = Tensor::full({n}, std::numeric_limits<float>::max());
      EXPECT_TRUE(kernels::all_finite(a));
      for (const float bad : {kInf, -kInf, std::nanf("")}) {
        for (const int64_t at : {int64_t{0}, n / 2, n - 1}) {
          a.data()[at] = bad;
          EXPECT_FALSE(kernels::all_finite(a)) << n << " elements, " << bad << " at " << at;
          a.data()[at] = 0.f;
        }
      }
    }
  });
}

}  // namespace
}  // namespace weir
