// Shapes at build time against windows counted one by one, and the messages of misfits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "layers/layers.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;

struct Side {
  int in, kernel, stride, padding, dilation;
};

// Counts the positions of the window. Without ceil_mode the last tap must lie inside the padded
// image; with it the window may hang over the end, but must start inside the image or its left
// padding.
int count_windows(const Side& s, bool ceil_mode) {
  int count = 0;
  for (int start = -s.padding; start < s.in + s.padding; start += s.stride) {
    const int last = start + s.dilation * (s.kernel - 1);
    const bool inside = last <= s.in - 1 + s.padding;
    const bool hangs_over = last < s.in + s.padding + s.stride - 1 && start < s.in;
    count += inside || (ceil_mode && hangs_over);
  }
  return count;
}

TEST(Shapes, ConvolutionEqualsCountedWindows) {
  for (int in = 3; in <= 9; ++in) {
    for (int kernel = 1; kernel <= 3; ++kernel) {
      for (int stride = 1; stride <= 3; ++stride) {
        for (int padding = 0; padding <= 2; ++padding) {
          for (int dilation = 1; dilation <= 2; ++dilation) {
            const Side y{in, kernel, stride, padding, dilation};
            const Side x{in + 4, kernel + 1, 4 - stride, 2 - padding, 3 - dilation};
            const int h = count_windows(y, false), w = count_windows(x, false);
            if (h == 0 || w == 0) continue;
            const Conv2d conv(2, 5,
                              {.kernel_size = {y.kernel, x.kernel},
                               .stride = {y.stride, x.stride},
                               .padding = {y.padding, x.padding},
                               .dilation = {y.dilation, x.dilation}});
            const FeatureShape input{2, y.in, x.in};
            EXPECT_EQ(conv.output_shape(input), (FeatureShape{5, h, w})) << conv.options();
            EXPECT_EQ(conv.macs(input), int64_t{5} * h * w * 2 * y.kernel * x.kernel);
          }
        }
      }
    }
  }
}

TEST(Shapes, PoolingEqualsCountedWindows) {
  for (int in = 4; in <= 11; ++in) {
    for (int kernel = 2; kernel <= 4; ++kernel) {
      for (int stride = 1; stride <= 4; ++stride) {
        for (int padding = 0; padding <= kernel / 2; ++padding) {
          for (const bool ceil_mode : {false, true}) {
            const Side y{in, kernel, stride, padding, 1}, x{in + 3, 2, 5 - stride, 1, 1};
            const MaxPool2d max({.kernel_size = {y.kernel, x.kernel},
                                 .stride = {y.stride, x.stride},
                                 .padding = {y.padding, x.padding},
                                 .ceil_mode = ceil_mode});
            const AvgPool2d avg({.kernel_size = {y.kernel, x.kernel},
                                 .stride = {y.stride, x.stride},
                                 .padding = {y.padding, x.padding},
                                 .ceil_mode = ceil_mode});
            const FeatureShape input{3, y.in, x.in};
            const FeatureShape expected{3, count_windows(y, ceil_mode),
                                        count_windows(x, ceil_mode)};
            EXPECT_EQ(max.output_shape(input), expected) << in << " " << max.options();
            EXPECT_EQ(avg.output_shape(input), expected) << in << " " << avg.options();
          }
        }
      }
    }
  }
}

TEST(Shapes, PoolingStrideDefaultsToTheKernel) {
  EXPECT_EQ(MaxPool2d({.kernel_size = {2, 3}}).output_shape({1, 8, 9}), (FeatureShape{1, 4, 3}));
}

TEST(Shapes, GroupsDivideTheMacs) {
  const Conv2d depthwise(6, 6, {.kernel_size = 3, .padding = 1, .groups = 6});
  EXPECT_EQ(depthwise.macs({6, 5, 7}), 6 * 5 * 7 * 9);
}

TEST(Shapes, FlattenKeepsTheMapForTheLayerBehind) {
  const FeatureShape flat = Flatten().output_shape({256, 4, 3});
  EXPECT_TRUE(flat.flat);
  EXPECT_EQ(flat.str(), "(3072)");
  EXPECT_EQ((FeatureShape{256, 4, 3}.str()), "(256, 4, 3)");
  EXPECT_EQ(Linear(3072, 10).output_shape(flat), (FeatureShape{.c = 10, .flat = true}));
}

TEST(Shapes, LinearTakesAMapOfOnePixel) {
  EXPECT_EQ(Linear(7, 2).output_shape({7, 1, 1}), (FeatureShape{.c = 2, .flat = true}));
}

// The largest of PyTorch's cells, floor(i*I/O) .. ceil((i+1)*I/O) - 1: for 7 -> 3 they are 0-2,
// 2-4, 4-6.
TEST(Shapes, AdaptivePoolingShowsItsLargestCell) {
  const AdaptiveAvgPool2d pool({3, 1});
  EXPECT_EQ(pool.output_shape({4, 7, 5}), (FeatureShape{4, 3, 1}));
  const Window2d window = pool.window({4, 7, 5});
  EXPECT_EQ(window.y.kernel, 3);
  EXPECT_EQ(window.x, (Axis{.in = 5, .kernel = 5, .stride = 5}));
}

TEST(Misfits, WindowsShowTheMasterFormula) {
  const Conv2d conv(3, 4, {.kernel_size = {5, 3}, .padding = {0, 1}});
  EXPECT_THAT(message_of([&] {
                conv.output_shape({3, 4, 9});
              }),
              AllOf(HasSubstr("height"), HasSubstr("floor((4 + 2*0 - 1*(5-1) - 1) / 1) + 1 = 0")));
  const MaxPool2d pool({.kernel_size = {2, 5}});
  EXPECT_THAT(message_of([&] {
                pool.output_shape({3, 4, 3});
              }),
              HasSubstr("(3 + 2*0 - 1*(5-1) - 1)"));
}

TEST(Misfits, OutputsThatNoMachineHoldsAreRefused) {
  const Conv2d conv(3, 4, {.kernel_size = 1, .padding = 30000});
  EXPECT_THAT(message_of([&] {
                conv.output_shape({3, 32, 32});
              }),
              HasSubstr("the output (4, 60032, 60032) would have 1.44e+10 numbers"));
}

TEST(Misfits, FlatFeaturesHaveNoWindows) {
  const FeatureShape flat{.c = 8, .h = 4, .w = 4, .flat = true};
  const auto refused = HasSubstr("got 128 flat features");
  EXPECT_THAT(message_of([&] { Conv2d(8, 8, {.kernel_size = 1}).output_shape(flat); }), refused);
  EXPECT_THAT(message_of([&] { MaxPool2d({.kernel_size = 2}).output_shape(flat); }), refused);
  EXPECT_THAT(message_of([&] { AvgPool2d({.kernel_size = 2}).output_shape(flat); }), refused);
  EXPECT_THAT(message_of([&] { AdaptiveAvgPool2d(1).output_shape(flat); }), refused);
  EXPECT_THAT(message_of([&] { BatchNorm2d(8).output_shape(flat); }), refused);
}

TEST(Misfits, ChannelsAreCompared) {
  EXPECT_THAT(message_of([] {
                Conv2d(3, 4, {.kernel_size = 1}).output_shape({5, 8, 8});
              }),
              HasSubstr("expected 3 input channels, got (5, 8, 8)"));
  EXPECT_THAT(message_of([] {
                BatchNorm2d(3).output_shape({5, 8, 8});
              }),
              HasSubstr("expected 3 channels, got (5, 8, 8)"));
  EXPECT_THAT(message_of([] {
                Linear(400, 10).output_shape({16, 5, 5});
              }),
              HasSubstr("expected flat features, got the map (16, 5, 5)"));
}

TEST(Misfits, ThePathComesFirst) {
  Sequential net;
  net.add("features", Sequential{Conv2d{3, 8, {.kernel_size = 3}}, ReLU{}});
  net.add("classifier", Sequential{Flatten{}, Linear{4096, 10}});
  EXPECT_EQ(message_of([&] {
              net.output_shape({3, 32, 32});
            }),
            "classifier.1: expected 4096 inputs, got 7200; the head is fixed-size, try "
            "adaptive_avg_pool2d: 1");
}

TEST(Options, WrongValuesAreRefused) {
  EXPECT_THAT(message_of([] { Conv2d(0, 4, {.kernel_size = 3}); }), HasSubstr("in_channels 0"));
  EXPECT_THAT(message_of([] { Conv2d(4, 4, {.kernel_size = {3, 0}}); }), HasSubstr("(3, 0)"));
  EXPECT_THAT(message_of([] { Conv2d(4, 4, {.stride = 0}); }), HasSubstr("stride"));
  EXPECT_THAT(message_of([] { Conv2d(4, 4, {.padding = -1}); }), HasSubstr("padding"));
  EXPECT_THAT(message_of([] { Conv2d(4, 4, {.dilation = 0}); }), HasSubstr("dilation"));
  EXPECT_THAT(message_of([] { Conv2d(4, 6, {.groups = 4}); }), HasSubstr("groups must divide"));
  EXPECT_THAT(message_of([] { Linear(4, 0); }), HasSubstr("out_features 0"));
  EXPECT_THAT(message_of([] { BatchNorm2d(4, {.eps = 0}); }), HasSubstr("eps"));
  EXPECT_THAT(message_of([] { BatchNorm2d(4, {.momentum = 1.5f}); }), HasSubstr("momentum"));
  EXPECT_THAT(message_of([] { Dropout(1.f); }), HasSubstr("[0, 1), got 1"));
  EXPECT_THAT(message_of([] { Dropout(-0.1f); }), HasSubstr("[0, 1)"));
  EXPECT_THAT(message_of([] { MaxPool2d({.kernel_size = 0}); }), HasSubstr("kernel_size"));
  EXPECT_THAT(message_of([] { MaxPool2d({.dilation = {1, 0}}); }), HasSubstr("dilation"));
  EXPECT_THAT(message_of([] { AvgPool2d({.stride = 0}); }), HasSubstr("stride"));
  EXPECT_THAT(message_of([] { AvgPool2d({.divisor_override = 0}); }), HasSubstr("divisor"));
  EXPECT_THAT(message_of([] { AdaptiveAvgPool2d({1, 0}); }), HasSubstr("output_size"));
}

TEST(Options, UnknownActivationNamesTheNearest) {
  EXPECT_THAT(message_of([] { make_activation("leaky_rlu"); }),
              HasSubstr("did you mean 'leaky_relu'?"));
  for (const std::string& name : activation_names()) EXPECT_NE(make_activation(name), nullptr);
}

}  // namespace
}  // namespace weir
