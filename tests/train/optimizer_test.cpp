// Optimizers against PyTorch 1.13: the numbers come from tests/golden/optimizers.py.
#include "train/optimizer/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"
#include "tests/train/expect_error.h"
#include "train/optimizer/clip_grad_norm.h"

namespace weir::testing {
namespace {

// The parameters of the script.
std::vector<NamedParameter> start() {
  return {{"weight", Variable(Tensor::from({0.5f, -1.25f, 2.f, -0.125f, 3.5f}, {5}), true)},
          {"bias", Variable(Tensor::from({0.25f, -0.75f}, {2}), true), false}};
}

// The script's gradient formula: exact in float.
void set_gradients(std::vector<NamedParameter>& parameters, int step) {
  for (NamedParameter& parameter : parameters) {
    Tensor grad = Tensor::like(parameter.variable.value());
    for (int i = 0; i < grad.numel(); ++i) {
      const float sign = (step + i) % 2 == 0 ? 1.f : -1.f;
      const float size = 0.25f * static_cast<float>(i + 1) + 0.125f * static_cast<float>(step);
      grad.data()[i] = sign * size + (parameter.name == "bias" ? 0.5f : 0.f);
    }
    parameter.variable.grad() = grad;
  }
}

std::vector<float> values_of(const std::vector<NamedParameter>& parameters) {
  std::vector<float> values;
  for (const NamedParameter& parameter : parameters) {
    const Tensor& tensor = parameter.variable.value();
    values.insert(values.end(), tensor.data(), tensor.data() + tensor.numel());
  }
  return values;
}

// The script's four steps.
std::vector<float> run(const OptimizerOptions& options, int frozen_bias_steps = 0) {
  std::vector<NamedParameter> parameters = start();
  const auto optimizer = make_optimizer(options, parameters);
  const float rates[] = {0.1f, 0.05f, 0.2f, 0.1f};
  for (int step = 0; step < 4; ++step) {
    set_gradients(parameters, step);
    if (step < frozen_bias_steps) parameters[1].variable.clear_grad();
    optimizer->step(rates[step]);
  }
  return values_of(parameters);
}

// Four steps of a few float operations on numbers below 4: each rounds by at most 2^-23 * 4 / 2,
// and there are fewer than 8 of them in a step.
constexpr float kTolerance = 4 * 8 * 0x1p-22f;

void expect_near(const std::vector<float>& found, const std::vector<float>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], kTolerance) << i;
}

TEST(Sgd, PlainWithWeightDecay) {
  expect_near(run({.momentum = 0.f, .weight_decay = 0.1f}),
              {0.435405284f, -1.1156708f, 1.79593599f, 0.0324992128f, 3.15646696f, -0.0250410512f,
               -0.859345376f});
}

TEST(Sgd, Momentum) {
  expect_near(run({.momentum = 0.9f, .weight_decay = 0.01f}),
              {0.433972448f, -1.11136854f, 1.7887646f, 0.13050808f, 3.14355659f, -0.352972955f,
               -1.15640855f});
}

TEST(Sgd, Nesterov) {
  expect_near(run({.momentum = 0.9f, .nesterov = true, .weight_decay = 0.01f}),
              {0.395005345f, -1.03916144f, 1.68331766f, 0.260283709f, 2.9716301f, -0.560828507f,
               -1.25563598f});
}

TEST(Sgd, LeavesOutDecayOfBiasAndNorm) {
  expect_near(run({.momentum = 0.9f, .weight_decay = 0.1f, .decay_bias_and_norm = false}),
              {0.388085067f, -0.995641649f, 1.60319805f, 0.134724423f, 2.81831121f, -0.351299971f,
               -1.16487491f});
}

TEST(Sgd, RefusesNesterovWithoutMomentum) {
  expect_error(ErrorKind::kUsage, "nesterov needs momentum > 0",
               [] { run({.momentum = 0.f, .nesterov = true}); });
}

TEST(AdamW, DecoupledDecay) {
  expect_near(
      run({.name = "adamw", .weight_decay = 0.1f, .beta1 = 0.8f, .beta2 = 0.95f, .eps = 1e-6f}),
      {0.346110702f, -1.05622029f, 1.77018416f, 0.0232990123f, 3.2011857f, -0.131359458f,
       -0.903928816f});
}

TEST(Optimizer, UnknownNameSuggestsTheNearest) {
  expect_error(ErrorKind::kUsage, "did you mean 'adamw'?",
               [] { make_optimizer({.name = "adamv"}, {}); });
}

TEST(Optimizer, SkipsParametersWithoutGradient) {
  std::vector<NamedParameter> parameters = start();
  const auto optimizer = make_optimizer({.momentum = 0.9f, .weight_decay = 0.1f}, parameters);
  set_gradients(parameters, 0);
  optimizer->zero_grad();
  optimizer->step(0.1f);
  EXPECT_EQ(values_of(parameters), values_of(start()));
}

TEST(Optimizer, ContinuesFromItsState) {
  for (const char* name : {"sgd", "adamw"}) {
    const OptimizerOptions options{.name = name, .weight_decay = 0.01f};
    std::vector<NamedParameter> a = start();
    const auto first = make_optimizer(options, a);
    set_gradients(a, 0);
    first->step(0.1f);
    std::vector<NamedParameter> b = start();
    for (size_t k = 0; k < b.size(); ++k) b[k].variable.value() = a[k].variable.value().clone();
    const auto second = make_optimizer(options, b);
    std::vector<NamedTensor> from = first->state(), to = second->state();
    ASSERT_EQ(from.size(), to.size());
    for (size_t k = 0; k < from.size(); ++k) {
      ASSERT_EQ(from[k].name, to[k].name);
      std::copy_n(from[k].tensor.data<std::byte>(), from[k].tensor.bytes(),
                  to[k].tensor.data<std::byte>());
    }
    set_gradients(a, 1);
    set_gradients(b, 1);
    first->step(0.1f);
    second->step(0.1f);
    EXPECT_EQ(values_of(a), values_of(b)) << name;
  }
}

// lr_scale is a factor of the rate, which multiplies the decoupled decay too, as it does in a group
// of torch.optim.
TEST(Groups, SgdByHand) {
  std::vector<NamedParameter> parameters{
      {"features.0.weight", Variable(Tensor::from({1.f, -2.f}, {2}), true)},
      {"classifier.1.weight", Variable(Tensor::from({4.f}, {1}), true)},
      {"classifier.1.bias", Variable(Tensor::from({-8.f}, {1}), true), false}};
  const auto optimizer =
      make_optimizer({.momentum = 0.5f,
                      .weight_decay = 0.25f,
                      .groups = {{.match = "*.bias", .lr_scale = 2.f},
                                 {.match = "head", .lr_scale = 8.f, .weight_decay = 0.f}}},
                     parameters);
  for (int step = 0; step < 2; ++step) {
    for (NamedParameter& parameter : parameters) {
      parameter.variable.grad() = Tensor::full(parameter.variable.value().shape(), 0.5f);
    }
    optimizer->step(0.125f);
  }
  // Rate 0.125 and decay 0.25. First: d = 0.5 + 0.25 * 1 = 0.75, p = 1 - 0.125 * 0.75 = 0.90625.
  // Second: d = 0.5 + 0.25 * 0.90625 = 0.7265625, buf = 0.375 + d, p -= 0.125 * 1.1015625.
  // From -2: d = 0, p = -2; d = 0, buf = 0, p = -2.
  // Head: rate 1, no decay: 4 - 0.5 = 3.5, buf = 0.25 + 0.5, 3.5 - 0.75 = 2.75.
  // Bias, whose first group counts: rate 0.25, decay 0.25: d = 0.5 - 2 = -1.5, p = -8 + 0.375 =
  // -7.625; d = 0.5 - 1.90625 = -1.40625, buf = -0.75 + d = -2.15625, p = -7.625 + 0.5390625.
  EXPECT_EQ(values_of(parameters),
            (std::vector<float>{0.7685546875f, -2.f, 2.75f, -7.0859375f}));  // exact in float
}

// What decay_bias_and_norm spares stays spared in a group with a decay of its own.
TEST(Groups, SpareWhatTheOptimizerSpares) {
  std::vector<NamedParameter> parameters = start();
  parameters[1].variable.grad() = Tensor::zeros({2});
  make_optimizer({.momentum = 0.f,
                  .decay_bias_and_norm = false,
                  .groups = {{.match = "bias", .weight_decay = 0.5f}}},
                 parameters)
      ->step(1.f);
  EXPECT_EQ(values_of(parameters), values_of(start()));
}

TEST(Groups, AsPyTorch) {
  expect_near(run({.momentum = 0.9f,
                   .groups = {{.match = "weight", .weight_decay = 0.1f},
                              {.match = "bias", .lr_scale = 2.5f}}}),
              {0.388085067f, -0.995641649f, 1.60319805f, 0.134724423f, 2.81831121f, -1.25324988f,
               -1.78718734f});
  expect_near(run({.name = "adamw",
                   .weight_decay = 0.1f,
                   .beta1 = 0.8f,
                   .beta2 = 0.95f,
                   .eps = 1e-6f,
                   .groups = {{.match = "weight", .lr_scale = 0.5f},
                              {.match = "bias", .weight_decay = 0.3f}}}),
              {0.422031671f, -1.15193009f, 1.88377249f, -0.0498508811f, 3.34900546f, -0.140006006f,
               -0.83667618f});
}

// A parameter without gradient waits, its momentum and its count of steps with it.
TEST(FrozenAtFirst, AsPyTorch) {
  expect_near(run({.momentum = 0.9f, .weight_decay = 0.1f, .decay_bias_and_norm = false}, 2),
              {0.388085067f, -0.995641649f, 1.60319805f, 0.134724423f, 2.81831121f, -0.0275000017f,
               -0.814999998f});
  expect_near(
      run({.name = "adamw", .weight_decay = 0.1f, .beta1 = 0.8f, .beta2 = 0.95f, .eps = 1e-6f}, 2),
      {0.346110702f, -1.05622029f, 1.77018416f, 0.0232990123f, 3.2011857f, -0.00873956084f,
       -0.594928503f});
}

TEST(Groups, OneGroupOfEverythingIsTheOptimizer) {
  for (const char* name : {"sgd", "adamw"}) {
    OptimizerOptions options{.name = name, .weight_decay = 0.1f};
    const std::vector<float> plain = run(options);
    options.weight_decay = 0.7f;
    options.groups = {{.match = "*", .weight_decay = 0.1f}};
    EXPECT_EQ(run(options), plain) << name;
  }
}

TEST(Groups, MustFitSomethingThatIsLeft) {
  const auto with = [](std::vector<ParameterGroup> groups) {
    make_optimizer({.groups = std::move(groups)}, start());
  };
  expect_error(ErrorKind::kUsage,
               "optimizer.groups: 'wight' fits no parameter; did you mean 'weight'?", [&] {
                 with({{.match = "bias"}, {.match = "wight"}});
               });
  expect_error(ErrorKind::kUsage,
               "every parameter that 'b*' fits belongs to a group before it, and the first counts",
               [&] {
                 with({{.match = "*"}, {.match = "b*"}});
               });
  expect_error(ErrorKind::kUsage, "lr_scale of 'bias' must be above 0, got 0",
               [&] { with({{.match = "bias", .lr_scale = 0.f}}); });
}

// Sizes below, above and far above one work item; with these numbers p - g is exact.
TEST(Optimizer, UpdatesEveryElementOnce) {
  std::vector<NamedParameter> parameters;
  for (const int count : {3, 16'384, 1, 50'001, 7}) {
    parameters.push_back({"p", Variable(Tensor::full({count}, 5.f), true)});
    if (count != 1) parameters.back().variable.grad() = Tensor::full({count}, 2.f);
  }
  make_optimizer({.name = "sgd", .momentum = 0.f}, parameters)->step(1.f);
  for (const NamedParameter& parameter : parameters) {
    const Tensor& value = parameter.variable.value();
    const float expected = value.numel() == 1 ? 5.f : 3.f;
    EXPECT_EQ(std::count(value.data(), value.data() + value.numel(), expected), value.numel());
  }
}

// Larger than one work item, and no multiple of it.
TEST(Optimizer, ThreadsDoNotChangeTheResult) {
  const auto large_run = [](int thread_count) {
    set_threads(thread_count);
    constexpr int kCount = 50'001;
    Philox random(1, Purpose::kTest);
    Tensor value = Tensor::empty({kCount}), grad = Tensor::empty({kCount});
    for (int i = 0; i < kCount; ++i) value.data()[i] = random.normal();
    for (int i = 0; i < kCount; ++i) grad.data()[i] = random.normal();
    std::vector<NamedParameter> parameters{{"w", Variable(value, true)}};
    parameters[0].variable.grad() = grad;
    const double norm = grad_norm(parameters);
    clip_grad_norm(parameters, norm, 1.0);
    make_optimizer({.name = "adamw", .weight_decay = 0.1f}, parameters)->step(0.1f);
    std::vector<float> values = values_of(parameters);
    values.push_back(static_cast<float>(norm));
    return values;
  };
  const std::vector<float> one = large_run(1);
  EXPECT_EQ(one, large_run(2));
  EXPECT_EQ(one, large_run(4));
  set_threads(0);
}

TEST(ClipGradNorm, AsPyTorch) {
  std::vector<NamedParameter> parameters = start();
  set_gradients(parameters, 1);
  const double norm = grad_norm(parameters);
  EXPECT_NEAR(norm, 2.39465547, 1e-7);
  clip_grad_norm(parameters, norm, 1.5);
  std::vector<float> gradients;
  for (const NamedParameter& parameter : parameters) {
    const Tensor& grad = parameter.variable.grad();
    gradients.insert(gradients.end(), grad.data(), grad.data() + grad.numel());
  }
  expect_near(gradients, {-0.234897986f, 0.391496658f, -0.548095286f, 0.704693973f, -0.861292601f,
                          0.0782993287f, 0.704693973f});
}

TEST(ClipGradNorm, LeavesSmallGradientsAloneAndShowsInfinity) {
  std::vector<NamedParameter> parameters = start();
  set_gradients(parameters, 1);
  const float before = parameters[0].variable.grad().data()[2];
  clip_grad_norm(parameters, grad_norm(parameters), 100.0);
  EXPECT_EQ(parameters[0].variable.grad().data()[2], before);
  parameters[1].variable.grad().data()[0] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isinf(grad_norm(parameters)));
}

}  // namespace
}  // namespace weir::testing
