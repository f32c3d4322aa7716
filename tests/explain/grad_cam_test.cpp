#include "explain/methods/grad_cam.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/methods/cam.h"
#include "explain/methods/class_gradient.h"
#include "tests/core/kernels/conditions.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kChannels = 6, kClasses = 3, kImages = 33;
constexpr double kEpsilon = 0x1p-24;  // of one rounding to float

const Tensor& pictures() {
  static const Tensor images = random_images(kImages, 3, 7, 5, 5);
  return images;
}

std::vector<int> some_classes() {
  std::vector<int> classes;
  for (int i = 0; i < kImages; ++i) classes.push_back(i * 2 % kClasses);
  return classes;
}

// Maps of 6 x 5 x 3, which batch norm and ReLU leave as large.
Sequential net_with(Sequential head) {
  Sequential net;
  net.add("features",
          Sequential{Conv2d{3, kChannels, {.kernel_size = 3}}, BatchNorm2d{kChannels}, ReLU{}});
  net.add("classifier", std::move(head));
  fill_parameters(net, 60);
  return net;
}

Sequential gap_net() {
  return net_with(Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Linear{kChannels, kClasses}});
}

// The gradient of a mean is 1 / cells everywhere: Grad-CAM is CAM / cells. Both are sums of 6
// products in float or double, CAM in float.
TEST(GradCam, OnAGapNetItIsCamUpToTheNumberOfCells) {
  Sequential net = gap_net();
  const std::vector<int> classes = some_classes();
  const std::vector<HeatMap> found =
      grad_cam(net, pictures(), classes, {.layer = "", .rectify = false});
  const Values cams(class_activation_maps(net, pictures()));
  const int cells = cams.h * cams.w;
  ASSERT_THAT(found, SizeIs(kImages));
  for (int n = 0; n < kImages; ++n) {
    double size = 0;
    for (const float value : found[size_t(n)].values)
      size = std::max(size, std::abs(double{value}));
    for (int i = 0; i < cells; ++i) {
      // Terms cancel: their sizes are bounded by channels * the largest weight (1) * the largest
      // value of the maps, which 28 products of weights and pixels of at most 1 make.
      EXPECT_NEAR(double{found[size_t(n)].values[size_t(i)]} * cells,
                  cams.at(n, classes[size_t(n)], i / cams.w, i % cams.w),
                  4 * kChannels * kEpsilon * kChannels * 28);
    }
    EXPECT_GT(size, 1e-3);  // not zeros compared with zeros
  }
}

// Behind a flattened map the gradient is the linear layer's weight: no backward pass is needed to
// know the answer.
TEST(GradCam, OnADenseHeadTheWeightsAreTheMeansOfTheLinearLayers) {
  constexpr int kCells = 5 * 3;
  Sequential net = net_with(Sequential{Flatten{}, Linear{kChannels * kCells, kClasses}});
  const std::vector<int> classes = some_classes();
  const Tensor weight = net.parameters()[4].variable.value();
  ASSERT_EQ(weight.shape(), (Shape{kClasses, kChannels * kCells}));
  Variable x(pictures());
  for (int i = 0; i < 3; ++i) x = net.leaves()[size_t(i)].layer->forward(x, {});
  const Values maps(x.value());
  const std::vector<HeatMap> found = grad_cam(net, pictures(), classes);
  for (int n = 0; n < kImages; ++n) {
    for (int i = 0; i < kCells; ++i) {
      double expected = 0, size = 0;
      for (int k = 0; k < kChannels; ++k) {
        double mean = 0;
        for (int j = 0; j < kCells; ++j) {
          mean += double{weight.data()[(classes[size_t(n)] * kChannels + k) * kCells + j]} / kCells;
        }
        expected += mean * maps.at(n, k, i / 3, i % 3);
        size += std::abs(mean * maps.at(n, k, i / 3, i % 3));
      }
      // Each product is rounded to float, and the sum.
      EXPECT_NEAR(found[size_t(n)].values[size_t(i)], std::max(expected, 0.), 3 * kEpsilon * size);
    }
  }
}

// d s_c / d A_k from differences: the output of the layer itself is moved.
TEST(GradCam, AnyLayerAgreesWithDifferences) {
  Sequential net = net_with(Sequential{MaxPool2d{{.kernel_size = 2, .stride = 1}}, Flatten{},
                                       Linear{kChannels * 8, 5}, Tanh{}, Linear{5, kClasses}});
  const Tensor one = random_images(1, 3, 7, 5, 8);
  const std::vector<Sequential::Leaf> leaves = net.leaves();
  Variable maps(one);
  for (int i = 0; i < 2; ++i) maps = leaves[size_t(i)].layer->forward(maps, {});
  const std::vector<WeightedMaps> found =
      weighted_maps(net, one, std::vector<int>{1}, "features.1");
  ASSERT_THAT(found, SizeIs(1));
  const auto score = [&](const Tensor& from) {
    Variable x(from);
    for (size_t i = 2; i < leaves.size(); ++i) x = leaves[i].layer->forward(x, {});
    return double{x.value().data()[1]};
  };
  constexpr int kCells = 5 * 3;
  constexpr float kStep = 0x1p-9f;
  const Values values(maps.value());
  for (int k = 0; k < kChannels; ++k) {
    double weight = 0;
    for (int i = 0; i < kCells; ++i) {
      Tensor up = maps.value().clone(), down = maps.value().clone();
      up.panel(0, i / 3, i % 3)[k] += kStep;
      down.panel(0, i / 3, i % 3)[k] -= kStep;
      weight += (score(up) - score(down)) / (2 * double{kStep}) / kCells;
    }
    for (int i = 0; i < kCells; ++i) {
      // Rounding of the scores (below 8) / step: 8 * 2^-23 * 2^9 = 2^-11; curvature of tanh less.
      EXPECT_NEAR(found[0].values[size_t(k) * kCells + i], weight * values.at(0, k, i / 3, i % 3),
                  0x1p-9 * (1 + std::abs(double{values.at(0, k, i / 3, i % 3)})));
    }
  }
}

TEST(GradCam, IsRectifiedUnlessAskedOtherwise) {
  Sequential net = gap_net();
  const std::vector<int> classes = some_classes();
  const std::vector<HeatMap> rectified_maps = grad_cam(net, pictures(), classes);
  const std::vector<HeatMap> signed_maps =
      grad_cam(net, pictures(), classes, {.layer = "", .rectify = false});
  bool any_negative = false;
  for (size_t n = 0; n < signed_maps.size(); ++n) {
    any_negative = any_negative || signed_maps[n].lowest() < 0;
    EXPECT_THAT(rectified_maps[n].values, Each(Ge(0.f)));
    EXPECT_EQ(rectified_maps[n], rectified(signed_maps[n]));
  }
  EXPECT_TRUE(any_negative);
}

// A training that is under way keeps its gradients, and nothing in the network changes.
TEST(GradCam, ParametersKeepTheirGradients) {
  Sequential net = gap_net();
  std::vector<NamedParameter> parameters = net.parameters();
  parameters[0].variable.accumulate_grad(Tensor::full(parameters[0].variable.value().shape(), 3.f));
  const Tensor mean = net.buffers()[0].tensor->clone();
  grad_cam(net, pictures(), some_classes());
  EXPECT_EQ(parameters[0].variable.grad().data()[0], 3.f);
  for (size_t i = 1; i < parameters.size(); ++i) {
    EXPECT_FALSE(parameters[i].variable.grad().defined()) << parameters[i].name;
  }
  expect_same_bytes(*net.buffers()[0].tensor, mean);
}

// Also through parameters that ask for no gradient, and in bf16.
TEST(GradCam, InBf16ItIsCloseToFp32) {
  Sequential net = gap_net();
  const std::vector<int> classes = some_classes();
  const std::vector<HeatMap> exact = grad_cam(net, pictures(), classes);
  net.set_precision(Precision::kBf16);
  const std::vector<HeatMap> rounded_maps = grad_cam(net, pictures(), classes);
  for (size_t n = 0; n < exact.size(); ++n) {
    for (size_t i = 0; i < exact[n].values.size(); ++i) {
      // Of each channel: picture, weights, two maps and the gradient are rounded to 8 bits; maps
      // are below 28, gradients below 1 / 15.
      EXPECT_NEAR(rounded_maps[n].values[i], exact[n].values[i], 5 * 0x1p-9 * kChannels * 28. / 15);
    }
  }
}

TEST(GradCam, ThreadsDoNotChangeAByte) {
  Sequential net = gap_net();
  expect_same_bytes_for_any_threads([&] {
    std::vector<Tensor> maps;
    for (const HeatMap& map : grad_cam(net, pictures(), some_classes())) {
      maps.push_back(Tensor::from(map.values, {map.height, map.width}));
    }
    return maps;
  });
}

TEST(GradCam, WrongLayersAndClassesAreRefused) {
  Sequential net = gap_net();
  const auto message = [&](const std::string& layer, std::vector<int> classes) {
    return message_of(
        [&] { grad_cam(net, random_images(1, 3, 7, 5, 1), classes, {.layer = layer}); });
  };
  EXPECT_THAT(message("classifier.2", {0}), HasSubstr("which is no map"));
  EXPECT_THAT(message("", {3}), HasSubstr("expected 0 to 2, got 3"));
}

}  // namespace
}  // namespace weir::testing
