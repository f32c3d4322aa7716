#include "layers/lsuv.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/tensor/layout.h"
#include "layers/layers.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

Sequential deep_net() {
  return Sequential{Conv2d{3, 8, {.kernel_size = 3, .padding = 1}},
                    BatchNorm2d{8},
                    ReLU{},
                    MaxPool2d{{.kernel_size = 2}},
                    Conv2d{8, 12, {.kernel_size = 3, .stride = {1, 2}}},
                    Tanh{},
                    Dropout{0.5f},
                    Flatten{},
                    Linear{12 * 2 * 2, 20},
                    ReLU{},
                    Linear{20, 5}};
}

// Images with an odd scale, so that unit variance does not come by itself; 33 leave padded rows.
Tensor batch() {
  Tensor images = testing::random_images(33, 3, 8, 10, 1);
  for (int64_t i = 0; i < images.stored(); ++i) images.data()[i] *= 17.f;
  return images;
}

double plain_variance(const std::vector<float>& values) {
  double mean = 0, variance = 0;
  for (const float v : values) mean += v / static_cast<double>(values.size());
  for (const float v : values) variance += (v - mean) * (v - mean);
  return variance / static_cast<double>(values.size());
}

TEST(Lsuv, EveryWeightedLayerHasUnitVariance) {
  Sequential net = deep_net();
  initialize(net, {.method = "lsuv", .seed = 2, .batch = batch()});
  Variable x(batch());
  int checked = 0;
  for (const Sequential::Leaf& leaf : net.leaves()) {
    x = leaf.layer->forward(x, {});
    if (leaf.layer->kind() != "Conv2d" && leaf.layer->kind() != "Linear") continue;
    EXPECT_NEAR(plain_variance(nchw_from_images(x.value())), 1, LsuvOptions{}.tolerance)
        << leaf.path;
    ++checked;
  }
  EXPECT_EQ(checked, 4);
}

// Scaling is all that happens: each row of the first weight still has one common length.
TEST(Lsuv, WeightsStayOrthogonal) {
  Sequential net = deep_net();
  initialize(net, {.method = "lsuv", .seed = 2, .batch = batch()});
  const Tensor weight = net.parameters()[0].variable.value();
  std::vector<double> lengths(8);
  for (int k = 0; k < 8; ++k) {
    for (int i = 0; i < 27; ++i) lengths[k] += std::pow(double{weight.data()[k * 27 + i]}, 2);
    EXPECT_NEAR(lengths[k], lengths[0], 1e-5 * lengths[0]);
  }
  EXPECT_GT(std::abs(lengths[0] - 1), 0.1) << "the images' scale is far from one";
}

TEST(Lsuv, LeavesStatisticsAlone) {
  Sequential net = deep_net();
  initialize(net, {.method = "lsuv", .seed = 2, .batch = batch()});
  EXPECT_EQ(net.buffers()[0].tensor->data()[0], 0.f);
  EXPECT_EQ(*net.buffers()[2].tensor->data<int32_t>(), 0);
}

TEST(Lsuv, ABatchWithoutVarianceIsRefused) {
  Sequential net = deep_net();
  try {
    initialize(net, {.method = "lsuv", .seed = 2, .batch = Tensor::images_zeros(4, 3, 8, 10)});
    FAIL() << "zero images have no variance to scale";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kTraining);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("the output of 0 has variance 0"));
  }
}

TEST(VarianceOf, LeavesPaddedRowsOut) {
  Tensor images = testing::random_images(33, 2, 3, 4, 5);
  const double expected = plain_variance(nchw_from_images(images));
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x)
      images.panel(1, y, x)[images.c()] = 1e6f;  // row 1 of block 1: image 33
  }
  EXPECT_NEAR(variance_of(images), expected, 1e-9);
}

}  // namespace
}  // namespace weir
