#include "explain/methods/deconvnet.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/methods/grad_cam.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// One image, (channels, height, width), in double: everything the oracle needs.
struct Maps {
  int c, h, w;
  std::vector<double> values;
  Maps(int channels, int height, int width)
      : c(channels), h(height), w(width), values(size_t(channels) * height * width) {}
  double& at(int k, int y, int x) { return values[(size_t(k) * h + y) * w + x]; }
  double at(int k, int y, int x) const { return values[(size_t(k) * h + y) * w + x]; }
};

struct Filters {
  int out, in, kernel_h, kernel_w, stride, pad;
  std::vector<float> weight, bias;
  float at(int k, int c, int y, int x) const {
    return weight[((size_t(k) * in + c) * kernel_h + y) * kernel_w + x];
  }
};

// Calls visit(k, y, x, c, row, column, weight) for every product of the convolution.
template <class Visit>
void for_products(const Filters& f, int out_h, int out_w, int in_h, int in_w, const Visit& visit) {
  for (int k = 0; k < f.out; ++k) {
    for (int y = 0; y < out_h; ++y) {
      for (int x = 0; x < out_w; ++x) {
        for (int c = 0; c < f.in; ++c) {
          for (int ky = 0; ky < f.kernel_h; ++ky) {
            for (int kx = 0; kx < f.kernel_w; ++kx) {
              const int row = y * f.stride + ky - f.pad, column = x * f.stride + kx - f.pad;
              if (row < 0 || row >= in_h || column < 0 || column >= in_w) continue;
              visit(k, y, x, c, row, column, double{f.at(k, c, ky, kx)});
            }
          }
        }
      }
    }
  }
}

Maps convolve(const Filters& f, const Maps& in) {
  Maps out(f.out, (in.h + 2 * f.pad - f.kernel_h) / f.stride + 1,
           (in.w + 2 * f.pad - f.kernel_w) / f.stride + 1);
  for (int k = 0; k < f.out; ++k) {
    for (int i = 0; i < out.h * out.w; ++i)
      out.at(k, i / out.w, i % out.w) = double{f.bias[size_t(k)]};
  }
  for_products(f, out.h, out.w, in.h, in.w,
               [&](int k, int y, int x, int c, int row, int column, double weight) {
                 out.at(k, y, x) += weight * in.at(c, row, column);
               });
  return out;
}

Maps convolve_back(const Filters& f, const Maps& out, const Maps& like) {
  Maps in(like.c, like.h, like.w);
  for_products(f, out.h, out.w, in.h, in.w,
               [&](int k, int y, int x, int c, int row, int column, double weight) {
                 in.at(c, row, column) += weight * out.at(k, y, x);
               });
  return in;
}

Maps relu(Maps maps) {
  for (double& value : maps.values) value = std::max(value, 0.);
  return maps;
}

// 2x2 windows with stride 2; `places`: where each maximum was.
Maps pool(const Maps& in, std::vector<size_t>& places) {
  Maps out(in.c, in.h / 2, in.w / 2);
  for (int k = 0; k < out.c; ++k) {
    for (int y = 0; y < out.h; ++y) {
      for (int x = 0; x < out.w; ++x) {
        size_t best = (size_t(k) * in.h + 2 * y) * in.w + 2 * x;
        for (const int i : {1, 2, 3}) {
          const size_t other = (size_t(k) * in.h + 2 * y + i / 2) * in.w + 2 * x + i % 2;
          if (in.values[other] > in.values[best]) best = other;
        }
        places.push_back(best);
        out.at(k, y, x) = in.values[best];
      }
    }
  }
  return out;
}

Maps unpool(const Maps& out, const std::vector<size_t>& places, const Maps& like) {
  Maps in(like.c, like.h, like.w);
  for (size_t i = 0; i < places.size(); ++i) in.values[places[i]] = out.values[i];
  return in;
}

Filters filters_of(Layer& conv, int stride, int pad) {
  const auto parameters = conv.parameters();
  const Tensor &weight = parameters[0].variable.value(), &bias = parameters[1].variable.value();
  const auto size = [&](int i) { return static_cast<int>(weight.shape()[i]); };
  return {size(0),
          size(1),
          size(2),
          size(3),
          stride,
          pad,
          {weight.data(), weight.data() + weight.numel()},
          {bias.data(), bias.data() + bias.numel()}};
}

// 3 x 12 x 8, then 5 x 5 x 4 with a row behind the last window of the strided convolution, pooled
// to 2 x 2, then maps of 4 x 2 x 2.
Sequential conv_net() {
  Sequential net{Conv2d{3, 5, {.kernel_size = {3, 2}, .stride = 2, .padding = 0}},
                 ReLU{},
                 Dropout{0.4f},
                 MaxPool2d{{.kernel_size = 2}},
                 Conv2d{5, 4, {.kernel_size = 3, .padding = 1}},
                 ReLU{},
                 Flatten{},
                 Linear{16, 3}};
  fill_parameters(net, 120);
  // Every activation speaks for every class: the strongest is above 0.
  Variable parameter = net.parameters()[4].variable;
  Tensor& weight = parameter.value();
  for (int64_t i = 0; i < weight.numel(); ++i) weight.data()[i] = std::abs(weight.data()[i]);
  return net;
}

TEST(Deconvnet, GoesBackThroughWinnersRectifiersAndTransposedFilters) {
  Sequential net = conv_net();
  const std::vector<Sequential::Leaf> leaves = net.leaves();
  const Tensor pictures = random_images(3, 3, 12, 8, 7);
  const std::vector<int> classes{2, 0, 1};
  const std::vector<Deconvolved> found = deconvnet(net, pictures, classes);
  const std::vector<WeightedMaps> weighted = weighted_maps(net, pictures, classes, "5");
  const Filters first = filters_of(*leaves[0].layer, 2, 0),
                second = filters_of(*leaves[4].layer, 1, 1);
  const Values input(pictures);
  ASSERT_THAT(found, SizeIs(3));
  for (int n = 0; n < 3; ++n) {
    Maps picture(3, 12, 8);
    for (size_t i = 0; i < picture.values.size(); ++i) {
      picture.values[i] = double{input.at_[size_t(n) * picture.values.size() + i]};
    }
    std::vector<size_t> places;
    const Maps before = relu(convolve(first, picture)), pooled = pool(before, places);
    const Maps top = relu(convolve(second, pooled));
    Maps back(top.c, top.h, top.w);
    const std::vector<float>& weights = weighted[size_t(n)].values;
    const auto strongest =
        size_t(std::max_element(weights.begin(), weights.end()) - weights.begin());
    back.values[strongest] = top.values[strongest];
    back = convolve_back(second, relu(back), pooled);
    back = convolve_back(first, relu(unpool(back, places, before)), picture);
    ASSERT_THAT(found[size_t(n)].pattern, SizeIs(picture.values.size()));
    double largest = 0;
    for (size_t i = 0; i < picture.values.size(); ++i) {
      // Sums of at most 45 and 30 products of numbers that are below 45 * 20: each is rounded.
      EXPECT_NEAR(found[size_t(n)].pattern[i], back.values[i], 75 * 0x1p-24 * 45 * 20);
      largest = std::max(largest, std::abs(back.values[i]));
    }
    EXPECT_GT(largest, 0.01);
    EXPECT_NEAR(found[size_t(n)].map.highest(), largest, 75 * 0x1p-24 * 45 * 20);
    EXPECT_EQ(found[size_t(n)].map.height, 12);
    EXPECT_EQ(found[size_t(n)].map.width, 8);
  }
}

// From the first layer the pattern is the filter itself, times the activation.
TEST(Deconvnet, OfTheFirstLayerItIsAFilter) {
  Sequential net = conv_net();
  const Tensor picture = random_images(1, 3, 12, 8, 9);
  const Deconvolved found = deconvnet(net, picture, std::vector<int>{1}, "0").front();
  const std::vector<float> weights =
      weighted_maps(net, picture, std::vector<int>{1}, "0").front().values;
  const auto strongest = std::max_element(weights.begin(), weights.end()) - weights.begin();
  const int k = static_cast<int>(strongest) / (5 * 4), y = static_cast<int>(strongest) % 20 / 4,
            x = static_cast<int>(strongest) % 4;
  const Values maps(net.leaves()[0].layer->forward(Variable(picture), {}).value());
  const Filters filter = filters_of(*net.leaves()[0].layer, 2, 0);
  for (int c = 0; c < 3; ++c) {
    for (int row = 0; row < 12; ++row) {
      for (int column = 0; column < 8; ++column) {
        const int ky = row - 2 * y, kx = column - 2 * x;
        const bool inside = ky >= 0 && ky < 3 && kx >= 0 && kx < 2;
        const float expected = inside ? maps.at(0, k, y, x) * filter.at(k, c, ky, kx) : 0.f;
        EXPECT_FLOAT_EQ(found.pattern[size_t((c * 12 + row) * 8 + column)], expected);
      }
    }
  }
}

TEST(Deconvnet, OtherLayersAreRefusedByName) {
  const auto refusal = [](Sequential net) {
    return message_of([&] { deconvnet(net, random_images(1, 3, 12, 8, 1), std::vector<int>{0}); });
  };
  const auto with = [](auto layer, int channels) {
    Sequential net{Conv2d{3, 4, {.kernel_size = 3}}, std::move(layer),
                   Conv2d{channels, 2, {.kernel_size = 2}}, AdaptiveAvgPool2d{1}, Flatten{}};
    return net;
  };
  EXPECT_THAT(
      refusal(with(BatchNorm2d{4}, 4)),
      AllOf(HasSubstr("1 is BatchNorm2d(4"), HasSubstr("grad-cam, saliency and occlusion")));
  EXPECT_THAT(refusal(with(AvgPool2d{{}}, 4)), HasSubstr("1 is AvgPool2d"));
  EXPECT_THAT(refusal(with(Tanh{}, 4)), HasSubstr("1 is Tanh"));
  EXPECT_THAT(refusal(with(Conv2d{4, 4, {.kernel_size = 1, .groups = 2}}, 4)),
              HasSubstr("1 is Conv2d(4, 4"));
}

}  // namespace
}  // namespace weir::testing
