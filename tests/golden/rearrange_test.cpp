// The operators that pick or move elements by index, to the bit as PyTorch computes them in single
// precision: the cases in rearrange.safetensors, which make_rearrange.py made.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/functions/conv_transpose2d.h"
#include "core/functions/fractional_max_pool2d.h"
#include "core/functions/max_pool2d_indices.h"
#include "core/functions/max_unpool2d.h"
#include "core/functions/pixel_shuffle.h"
#include "core/functions/reflection_pad2d.h"
#include "core/functions/spatial_pyramid_pool2d.h"
#include "core/io/safetensors.h"
#include "core/tensor/layout.h"
#include "tests/support/both_passes.h"

namespace weir {
namespace {

using Json = nlohmann::json;
using Size2 = std::array<int, 2>;

const SafeTensors& golden() {
  static const SafeTensors content =
      read_safetensors(std::string(WEIR_SOURCE_DIR) + "/tests/golden/rearrange.safetensors");
  return content;
}

struct Case {
  Json options;

  std::string name() const { return options.at("name"); }
  const Tensor* stored(const std::string& key) const { return golden().find(name() + "/" + key); }
  Tensor images(const std::string& key) const {
    const Tensor& tensor = *stored(key);
    const auto size = [&](int axis) { return static_cast<int>(tensor.shape()[axis]); };
    return images_from_nchw(tensor.data(), size(0), size(1), size(2), size(3));
  }
  template <class T>
  T option(const char* key) const {
    return options.at(key).get<T>();
  }
};

// `indices` is undefined where the operator has none.
struct Output {
  Variable y;
  Tensor indices;
};
using Operator = std::function<Output(const Case&, const Variable& x)>;

Output of(const MaxPooled& pooled) { return {pooled.y, pooled.indices}; }

Output run_max_pool2d(const Case& c, const Variable& x) {
  return of(max_pool2d_with_indices(x, {.kernel_size = c.option<Size2>("kernel_size"),
                                        .stride = c.option<Size2>("stride"),
                                        .padding = c.option<Size2>("padding"),
                                        .dilation = c.option<Size2>("dilation"),
                                        .ceil_mode = c.option<bool>("ceil_mode")}));
}

Output run_adaptive_max_pool2d(const Case& c, const Variable& x) {
  return of(adaptive_max_pool2d_with_indices(x, c.option<Size2>("output_size")));
}

Output run_fractional_max_pool2d(const Case& c, const Variable& x) {
  return of(fractional_max_pool2d_with_indices(x, {.kernel_size = c.option<Size2>("kernel_size"),
                                                   .output_size = c.option<Size2>("output_size"),
                                                   .random_samples = *c.stored("samples")}));
}

Output run_max_unpool2d(const Case& c, const Variable& x) {
  const Tensor floats = c.images("indices");
  Tensor indices = Tensor::like(floats, DType::kI32);
  std::copy_n(floats.data(), floats.stored(), indices.data<int32_t>());
  MaxUnpool2dOptions options{.kernel_size = c.option<Size2>("kernel_size"),
                             .stride = c.option<Size2>("stride"),
                             .padding = c.option<Size2>("padding")};
  if (!c.options.at("output_size").is_null()) {
    options.output_size = c.option<Size2>("output_size");
  }
  return {max_unpool2d(x, indices, options), {}};
}

Output run_reflection_pad2d(const Case& c, const Variable& x) {
  const auto sides = c.option<std::array<int, 4>>("padding");
  return {reflection_pad2d(
              x, {.left = sides[0], .right = sides[1], .top = sides[2], .bottom = sides[3]}),
          {}};
}

Output run_pixel_unshuffle(const Case& c, const Variable& x) {
  return {pixel_unshuffle(x, c.option<int>("factor")), {}};
}

Output run_pixel_shuffle(const Case& c, const Variable& x) {
  return {pixel_shuffle(x, c.option<int>("factor")), {}};
}

Output run_spatial_pyramid_pool2d(const Case& c, const Variable& x) {
  return {spatial_pyramid_pool2d(x, c.option<std::vector<int>>("levels")), {}};
}

const std::map<std::string, Operator> kOperators = {
    {"max_pool2d", run_max_pool2d},
    {"adaptive_max_pool2d", run_adaptive_max_pool2d},
    {"fractional_max_pool2d", run_fractional_max_pool2d},
    {"max_unpool2d", run_max_unpool2d},
    {"reflection_pad2d", run_reflection_pad2d},
    {"pixel_unshuffle", run_pixel_unshuffle},
    {"pixel_shuffle", run_pixel_shuffle},
    {"spatial_pyramid_pool2d", run_spatial_pyramid_pool2d},
};

std::vector<float> row_major(const Tensor& tensor) {
  if (!tensor.is_images()) return {tensor.data(), tensor.data() + tensor.numel()};
  if (tensor.dtype() == DType::kF32) return nchw_from_images(tensor);
  Tensor floats = Tensor::like(tensor, DType::kF32);
  for (int64_t i = 0; i < tensor.stored(); ++i) {
    floats.data()[i] = static_cast<float>(tensor.data<int32_t>()[i]);
  }
  return nchw_from_images(floats);
}

void expect_equal(const Tensor& found, const Tensor& expected, const char* what) {
  const std::vector<float> values = row_major(found);
  ASSERT_EQ(values.size(), static_cast<size_t>(expected.numel())) << what;
  for (size_t i = 0; i < values.size(); ++i) {
    const float wanted = expected.data()[i];
    ASSERT_TRUE(values[i] == wanted || (std::isnan(values[i]) && std::isnan(wanted)))
        << what << " at " << i << ": " << values[i] << " instead of " << wanted;
  }
}

void check(const Case& c, const Operator& run) {
  Tensor indices;
  const auto [y, dx] = testing::both_passes(
      [&](const Variable& x) {
        const Output output = run(c, x);
        indices = output.indices;
        return output.y;
      },
      c.images("x"), c.images("dy"));
  expect_equal(y, *c.stored("y"), "y");
  expect_equal(dx, *c.stored("dx"), "dx");
  ASSERT_EQ(indices.defined(), c.stored("indices_out") != nullptr);
  if (indices.defined()) expect_equal(indices, *c.stored("indices_out"), "indices");
}

// Sums of up to 17 * 9 products below 1/2 in another order than PyTorch's: both sides round by
// 2^-24 of a partial sum for each term, and gradients of weights sum over up to 33 * 12 pixels.
void expect_near(const Tensor& found, const Tensor& expected, const char* what) {
  const std::vector<float> values = row_major(found);
  ASSERT_EQ(values.size(), static_cast<size_t>(expected.numel())) << what;
  for (size_t i = 0; i < values.size(); ++i) {
    const double wanted = double{expected.data()[i]};
    ASSERT_NEAR(values[i], wanted, 1e-5 * std::max(1.0, std::abs(wanted))) << what << " at " << i;
  }
}

void check_conv_transpose2d(const Case& c) {
  const Variable weight(c.stored("weight")->clone(), true);
  const Variable bias = c.stored("bias") ? Variable(c.stored("bias")->clone(), true) : Variable();
  const auto [y, dx] = testing::both_passes(
      [&](const Variable& x) {
        return conv_transpose2d(x, weight, bias,
                                {.stride = c.option<Size2>("stride"),
                                 .padding = c.option<Size2>("padding"),
                                 .output_padding = c.option<Size2>("output_padding"),
                                 .dilation = c.option<Size2>("dilation")});
      },
      c.images("x"), c.images("dy"));
  expect_near(y, *c.stored("y"), "y");
  expect_near(dx, *c.stored("dx"), "dx");
  expect_near(weight.grad(), *c.stored("dweight"), "dweight");
  if (bias.defined()) expect_near(bias.grad(), *c.stored("dbias"), "dbias");
}

// Those that only compare and move are equal to the bit, transposed convolution is close.
TEST(GoldenRearrange, EqualsPyTorch) {
  const Json cases = Json::parse(golden().metadata.at("cases"));
  testing::for_each_isa([&] {
    std::map<std::string, int> seen;
    for (const Json& options : cases) {
      const Case c{options};
      SCOPED_TRACE(c.name());
      const std::string op = options.at("op");
      ++seen[op];
      if (op == "conv_transpose2d") {
        check_conv_transpose2d(c);
      } else {
        check(c, kOperators.at(op));
      }
    }
    for (const auto& [op, run] : kOperators) EXPECT_GE(seen[op], 2) << op;
    EXPECT_GE(seen["conv_transpose2d"], 2);
  });
}

}  // namespace
}  // namespace weir
