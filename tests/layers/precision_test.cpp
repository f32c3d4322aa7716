// A network in bf16: what is stored as what, and how far it may be from the same one in fp32.
#include "core/runtime/precision.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/functions/cast.h"
#include "layers/layers.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::random_images;

TEST(PrecisionWords, AreTheNamesWithoutAuto) {
  for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
    EXPECT_EQ(parse_precision(name_of(precision)), precision);
  }
  EXPECT_EQ(testing::message_of([] { parse_precision("auto"); }),
            "unknown precision 'auto'; known: fp32, bf16");
  EXPECT_FALSE(best_precision().reason.empty());
  EXPECT_EQ(testing::message_of([] { parse_precision("bf61"); }),
            "unknown precision 'bf61'; did you mean 'bf16'?; known: fp32, bf16");
}

// Remembers what it was given.
struct Probe : Layer {
  explicit Probe(DType& type) : seen(&type) {}
  std::string_view kind() const override { return "Probe"; }
  Variable forward(const Variable& x, const StepContext&) override {
    *seen = x.value().dtype();
    return x;
  }
  FeatureShape output_shape(const FeatureShape& in) const override { return in; }
  DType* seen;
};

TEST(Bf16Network, StoresBf16UpToTheLastWeightedLayer) {
  DType input = DType::kU8, inside = DType::kU8, behind = DType::kU8;
  Sequential net{Probe{input},
                 Conv2d{3, 5, {.kernel_size = 3}},
                 BatchNorm2d{5},
                 ReLU{},
                 Probe{inside},
                 Conv2d{5, 4, {.kernel_size = 1}},
                 ReLU{},
                 Probe{behind},
                 AvgPool2d{{.kernel_size = 2}}};
  initialize(net, {.seed = 1});
  net.set_precision(Precision::kBf16);
  const Variable x(random_images(3, 3, 5, 4, 1), true);
  Tape tape;
  const Variable y = net.forward(x, {.training = true});
  EXPECT_EQ(input, DType::kBF16);
  EXPECT_EQ(inside, DType::kBF16);
  EXPECT_EQ(behind, DType::kF32);
  EXPECT_EQ(y.value().dtype(), DType::kF32);
  tape.backward(testing::weighted_sum(y, testing::upstream_for(y.value())));
  EXPECT_EQ(x.grad().dtype(), DType::kF32);
  for (const NamedParameter& parameter : net.parameters()) {
    EXPECT_EQ(parameter.variable.grad().dtype(), DType::kF32) << parameter.name;
  }
}

TEST(Bf16Network, WithoutWeightsTheResultIsFloatsToo) {
  Sequential net{ReLU{}, MaxPool2d{{.kernel_size = 2}}};
  net.set_precision(Precision::kBf16);
  const Tensor x = random_images(3, 3, 4, 4, 1);
  const Tensor y = net.forward(Variable(x), {}).value();
  net.set_precision(Precision::kFp32);
  testing::expect_same_bytes(
      y, net.forward(Variable(testing::widened(testing::rounded(x))), {}).value());
}

// The logits are sums of exact products of bf16 features, not rounded: a kernel for floats on the
// widened features and rounded weights finds the same up to the order of 12 additions.
TEST(Bf16Network, LogitsAreNotRounded) {
  Sequential net{Flatten{}, Linear{12, 7}};
  initialize(net, {.seed = 2});
  net.set_precision(Precision::kBf16);
  const Tensor x = random_images(35, 3, 2, 2, 1);
  const Tensor found = net.forward(Variable(x), {}).value();
  const auto as_bf16 = [](const Tensor& floats) {
    return Variable(testing::widened(testing::rounded(floats)));
  };
  const std::vector<NamedParameter> parameters = net.parameters();
  const Variable& weight = parameters[0].variable;
  const Tensor expected =
      linear(as_bf16(x), as_bf16(weight.value()), parameters[1].variable).value();
  int off_the_grid = 0;
  for (int64_t i = 0; i < found.stored(); ++i) {
    ASSERT_NEAR(found.data()[i], expected.data()[i], 12 * 1.2e-7);
    off_the_grid += to_float(to_bfloat16(found.data()[i])) != found.data()[i] ? 1 : 0;
  }
  EXPECT_GT(off_the_grid, found.numel() / 2);
}

Sequential smooth_net() {
  Sequential net{Conv2d{3, 20, {.kernel_size = 3, .padding = 1}},
                 SiLU{},
                 AvgPool2d{{.kernel_size = 2}},
                 Conv2d{20, 17, {.kernel_size = 3, .padding = 1}},
                 Tanh{},
                 Flatten{},
                 Linear{17 * 4 * 3, 5}};
  initialize(net, {.seed = 3});
  return net;
}

struct Gradients {
  Tensor y;
  std::vector<Tensor> of_parameters;
};

Gradients gradients(Sequential net, Precision precision) {
  net.set_precision(precision);
  const StepContext context{.training = true, .seed = 5, .step = 2};
  Tape tape;
  const Variable y = net.forward(Variable(random_images(40, 3, 8, 6, 1)), context);
  tape.backward(testing::weighted_sum(y, testing::upstream_for(y.value())));
  Gradients found{y.value(), {}};
  for (const NamedParameter& parameter : net.parameters()) {
    found.of_parameters.push_back(parameter.variable.grad());
  }
  return found;
}

// |a - b| / |b| in the Euclidean norm.
double distance(const Tensor& a, const Tensor& b) {
  double difference = 0, length = 0;
  for (int64_t i = 0; i < a.stored(); ++i) {
    const double x = double{a.data()[i]}, y = double{b.data()[i]};
    difference += (x - y) * (x - y);
    length += y * y;
  }
  return std::sqrt(difference / length);
}

// bf16 keeps 8 bits: each rounding moves a value by at most 2^-9 of it. On the way to any gradient
// lie at most 3 rounded weights on the way up and 2 down, the input, 5 stored activations and 5
// stored gradients: 16 roundings. These functions have slopes of at most 1.1 and no kinks, so
// errors are not amplified, and in the norm their sum is at most 16 * 2^-9 of the gradient.
TEST(Bf16Network, GradientsAreThoseOfFp32WithinTheRoundings) {
  const Gradients fp32 = gradients(smooth_net(), Precision::kFp32);
  const Gradients bf16 = gradients(smooth_net(), Precision::kBf16);
  const double bound = 16.0 / 512;
  EXPECT_LT(distance(bf16.y, fp32.y), bound);
  // All but the last bias, whose gradient is a sum of the loss's floats.
  testing::expect_same_bytes(bf16.of_parameters[5], fp32.of_parameters[5]);
  for (size_t i = 0; i < 5; ++i) {
    const double off = distance(bf16.of_parameters[i], fp32.of_parameters[i]);
    EXPECT_LT(off, bound) << "parameter " << i;
    EXPECT_GT(off, 1e-5) << "parameter " << i << ": nothing was rounded";
  }
}

TEST(Bf16Network, ThreadsDoNotChangeAByte) {
  testing::expect_same_bytes_for_any_threads([] {
    Sequential net{Conv2d{3, 20, {.kernel_size = 3, .padding = 1}},
                   BatchNorm2d{20},
                   ReLU{},
                   Conv2d{20, 36, {.kernel_size = 3, .stride = 2}},
                   ReLU{},
                   Dropout{0.5f},
                   Flatten{},
                   Linear{36 * 3 * 2, 5}};
    initialize(net, {.seed = 3});
    Gradients found = gradients(std::move(net), Precision::kBf16);
    found.of_parameters.push_back(found.y);
    return found.of_parameters;
  });
}

}  // namespace
}  // namespace weir
