#include "layers/fusion.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "layers/layers.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using testing::expect_same_bytes;

std::vector<std::string> forms_of(const Sequential& net) {
  std::vector<Layer*> layers;
  for (const Sequential::Leaf& leaf : net.leaves()) layers.push_back(leaf.layer);
  std::vector<std::string> names;
  for (std::span<Layer* const> rest = layers; !rest.empty();) {
    const FusedForm& form = choose_form(rest);
    names.emplace_back(form.name);
    rest = rest.subspan(form.length);
  }
  return names;
}

struct Case {
  std::string name;
  std::function<Sequential()> make;  // for 3 channels, 9 x 6
};

// Every form, alone and behind others; shapes for each convolution kernel (gather, Winograd,
// panels, depthwise) and channels that are no multiple of a register.
const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {"conv relu",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 3, .padding = 1}}, ReLU{}};
       }},
      {"conv relu dropout",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 3, .stride = 2}}, ReLU{}, Dropout{0.3f}};
       }},
      {"conv without bias",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 3, .bias = false}}, ReLU{}, Dropout{0.6f}};
       }},
      {"deep",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 3, .padding = 1}},
                           BatchNorm2d{18},
                           ReLU{},
                           Conv2d{18, 17, {.kernel_size = 3, .padding = 1}},
                           ReLU{},
                           Dropout{0.5f},
                           Conv2d{17, 17, {.kernel_size = 3, .groups = 17}},
                           ReLU{},
                           MaxPool2d{{.kernel_size = 2}},
                           Flatten{},
                           Linear{17 * 3 * 2, 21},
                           ReLU{},
                           Dropout{0.2f},
                           Linear{21, 20},
                           ReLU{},
                           Linear{20, 5}};
       }},
      {"nothing dropped",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 2}}, ReLU{}, Dropout{0.f}};
       }},
      {"conv batch norm",
       [] {
         return Sequential{Conv2d{3, 17, {.kernel_size = 3, .stride = 2}}, BatchNorm2d{17},
                           Conv2d{17, 18, {.kernel_size = 3, .padding = 1, .bias = false}},
                           BatchNorm2d{18}, Tanh{}};
       }},
      {"conv max pool",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 3, .padding = 1}},
                           MaxPool2d{{.kernel_size = 3, .stride = 2, .padding = 1}}};
       }},
      {"conv relu avg pool",
       [] {
         return Sequential{Conv2d{3, 18, {.kernel_size = 2}}, ReLU{},
                           AvgPool2d{{.kernel_size = {3, 2}, .stride = 1}}};
       }},
      {"conv avg pool",
       [] {
         return Sequential{Conv2d{3, 7, {.kernel_size = 3, .bias = false}},
                           AvgPool2d{{.kernel_size = 2}}};
       }},
      {"batch norm relu",
       [] {
         return Sequential{BatchNorm2d{3}, ReLU{}, ReLU{}};
       }},
      {"across nesting",
       [] {
         Sequential net{Conv2d{3, 16, {.kernel_size = 1}}};
         net.add("act", Sequential{ReLU{}, Dropout{0.5f}});
         return net;
       }},
  };
  return list;
}

struct Pass {
  Tensor y, dx;
  std::vector<Tensor> gradients;
  std::vector<Tensor> buffers;  // running statistics
};

// Forward and backward of all parameters and of the input, by Sequential or layer by layer.
Pass run(const Case& test, bool fused, bool training, int batch,
         Precision precision = Precision::kFp32) {
  Sequential net = test.make();
  net.set_precision(precision);
  initialize(net, {.seed = 4});
  uint32_t stream = 50;
  for (NamedParameter& parameter : net.parameters()) {  // biases too
    const Tensor values = testing::random_plain(parameter.variable.value().shape(), stream++);
    std::copy_n(values.data(), values.numel(), parameter.variable.value().data());
  }
  const StepContext context{.training = training, .seed = 3, .step = 8};
  const Variable x(testing::random_images(batch, 3, 9, 6, 1), true);
  Tape tape;
  Variable y = x;
  if (fused) {
    y = net.forward(y, context);
  } else {
    for (const Sequential::Leaf& leaf : net.leaves()) y = leaf.layer->forward(y, context);
  }
  tape.backward(testing::weighted_sum(y, testing::upstream_for(y.value())));
  Pass pass{y.value(), x.grad(), {}, {}};
  for (const NamedParameter& parameter : net.parameters()) {
    pass.gradients.push_back(parameter.variable.grad());
  }
  for (const NamedBuffer& buffer : net.buffers()) pass.buffers.push_back(*buffer.tensor);
  return pass;
}

TEST(Fusion, GivesTheBitsOfTheLayersOneByOne) {
  for (const Case& test : cases()) {
    for (const bool training : {true, false}) {
      for (const int batch : {3, 40}) {
        SCOPED_TRACE(fmt::format("{}, training {}, batch {}", test.name, training, batch));
        const Pass fused = run(test, true, training, batch);
        const Pass plain = run(test, false, training, batch);
        expect_same_bytes(fused.y, plain.y);
        expect_same_bytes(fused.dx, plain.dx);
        ASSERT_EQ(fused.gradients.size(), plain.gradients.size());
        for (size_t i = 0; i < fused.gradients.size(); ++i) {
          SCOPED_TRACE(i);
          expect_same_bytes(fused.gradients[i], plain.gradients[i]);
        }
        for (size_t i = 0; i < fused.buffers.size(); ++i) {
          SCOPED_TRACE(i);
          expect_same_bytes(fused.buffers[i], plain.buffers[i]);
        }
      }
    }
  }
}

TEST(Fusion, EveryFormHasACase) {
  std::set<std::string> tested;
  for (const Case& test : cases()) {
    for (const std::string& name : forms_of(test.make())) tested.insert(name);
  }
  for (const FusedForm& form : fused_forms()) {
    EXPECT_TRUE(tested.contains(std::string(form.name))) << form.name;
  }
}

TEST(Fusion, TakesTheLongestForm) {
  EXPECT_THAT(
      forms_of(cases()[3].make()),
      ElementsAre("conv2d batch_norm2d relu", "conv2d relu dropout", "conv2d relu max_pool2d",
                  "alone", "linear relu dropout", "linear relu", "alone"));
  EXPECT_THAT(forms_of(cases()[5].make()),
              ElementsAre("conv2d batch_norm2d", "conv2d batch_norm2d", "alone"));
  EXPECT_THAT(forms_of(cases().back().make()), ElementsAre("conv2d relu dropout"));
}

TEST(Fusion, LeavesOtherNeighboursAlone) {
  const Sequential net{ReLU{},        Conv2d{3, 3, {}}, LeakyReLU{}, Conv2d{3, 3, {}},
                       Dropout{0.5f}, Linear{3, 3},     Tanh{},      BatchNorm2d{3},
                       MaxPool2d{{}}, Conv2d{3, 3, {}}, Tanh{},      AvgPool2d{{}}};
  for (const std::string& name : forms_of(net)) EXPECT_EQ(name, "alone");
}

TEST(Fusion, RefusesABatchNormOfOtherChannels) {
  for (const int features : {3, 5}) {
    Sequential net{Conv2d{3, 4, {}}, BatchNorm2d{features}, ReLU{}};
    for (const bool training : {true, false}) {
      const Variable x(testing::random_images(2, 3, 2, 2, 1));
      EXPECT_THROW(net.forward(x, {.training = training}), Error);
    }
  }
}

// A class of one's own keeps its own forward().
struct Doubled : ReLU {
  Variable forward(const Variable& x, const StepContext& context) override {
    return ReLU::forward(ReLU::forward(x, context), context);
  }
};
struct Constant : Sequential {
  Variable forward(const Variable& x, const StepContext&) override { return x; }
};

TEST(Fusion, LeavesDerivedLayersAlone) {
  EXPECT_THAT(forms_of(Sequential{Conv2d{3, 3, {}}, Doubled{}}), ElementsAre("alone", "alone"));
  Sequential net;
  auto constant = std::make_unique<Constant>();
  constant->add(std::make_unique<Conv2d>(3, 4, Conv2d::Options{}));
  net.add(std::move(constant));
  const Variable x(testing::random_images(2, 3, 2, 2, 1));
  EXPECT_EQ(net.forward(x, {}).value().data(), x.value().data());
}

// Sees every layer by itself, or what the network computes in one call.
struct Watcher : LayerObserver {
  explicit Watcher(bool each) : alone(each) {}
  bool one_by_one() const override { return alone; }
  void before_forward(std::span<Layer* const> layers, const Variable&) override {
    lengths.push_back(layers.size());
  }
  void after_forward(const Variable&) override {}

  bool alone;
  std::vector<size_t> lengths;
};

TEST(Fusion, AnObserverMaySeeTheLayersOneByOne) {
  Sequential net{Conv2d{3, 4, {}}, ReLU{}, MaxPool2d{{}}, Flatten{}};
  initialize(net, {.seed = 1});
  const Variable x(testing::random_images(2, 3, 4, 4, 1));
  Watcher fused(false), alone(true);
  const Variable together = net.forward(x, {.observer = &fused});
  expect_same_bytes(net.forward(x, {.observer = &alone}).value(), together.value());
  EXPECT_THAT(fused.lengths, ElementsAre(3, 1));
  EXPECT_THAT(alone.lengths, ElementsAre(1, 1, 1, 1));
}

TEST(Fusion, ThreadsDoNotChangeAByte) {
  for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
    testing::expect_same_bytes_for_any_threads([&] {
      Pass pass = run(cases()[3], true, true, 70, precision);
      pass.gradients.push_back(pass.y);
      pass.gradients.push_back(pass.dx);
      pass.gradients.insert(pass.gradients.end(), pass.buffers.begin(), pass.buffers.end());
      return pass.gradients;
    });
  }
}

}  // namespace
}  // namespace weir
