// Parameters and multiply-adds against published and independently computed numbers.
#include <cmath>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "layers/state.h"
#include "models/registry.h"

namespace weir {
namespace {

struct Golden {
  ModelOptions options;
  int64_t params;
  double mega_macs;  // for 3x32x32 and 10 classes, to one decimal
};

void PrintTo(const Golden& golden, std::ostream* out) {
  const ModelOptions& o = golden.options;
  *out << o.name << " " << o.base << " " << o.downsample << " " << o.head << o.head_width;
}

class GoldenCounts : public ::testing::TestWithParam<Golden> {};

TEST_P(GoldenCounts, ParametersAndMacs) {
  const Model model = build_model(GetParam().options);
  EXPECT_EQ(parameter_count(*model.net), GetParam().params);
  const double mega = static_cast<double>(model.net->macs(model.input)) / 1e6;
  EXPECT_EQ(std::round(mega * 10) / 10, GetParam().mega_macs) << mega;
}

ModelOptions springenberg(const std::string& base, const std::string& downsample) {
  return {.name = "springenberg", .base = base, .downsample = downsample};
}

// Springenberg et al. 2015: the layers of tables 1 and 2; the last 3x3 convolution has no padding.
INSTANTIATE_TEST_SUITE_P(Springenberg, GoldenCounts,
                         ::testing::Values(Golden{springenberg("A", "max_pool"), 839'242, 138.7},
                                           Golden{springenberg("A", "strided"), 839'242, 44.7},
                                           Golden{springenberg("A", "conv_pool"), 1'254'250, 308.5},
                                           Golden{springenberg("A", "all_conv"), 1'254'250, 181.1},
                                           Golden{springenberg("B", "max_pool"), 885'610, 157.6},
                                           Golden{springenberg("B", "strided"), 885'610, 143.4},
                                           Golden{springenberg("B", "conv_pool"), 1'300'618, 327.4},
                                           Golden{springenberg("B", "all_conv"), 1'300'618, 200.0},
                                           Golden{springenberg("C", "max_pool"), 954'730, 228.3},
                                           Golden{springenberg("C", "strided"), 954'730, 100.9},
                                           Golden{springenberg("C", "conv_pool"), 1'369'738, 398.2},
                                           Golden{springenberg("C", "all_conv"), 1'369'738,
                                                  270.8}));

ModelOptions vgg_mini(const std::string& head, int width = 512) {
  return {.name = "vgg_mini", .head = head, .head_width = width};
}

INSTANTIATE_TEST_SUITE_P(VggMini, GoldenCounts,
                         ::testing::Values(Golden{vgg_mini("gap"), 1'147'978, 152.8},
                                           Golden{vgg_mini("dense", 512), 3'248'202, 154.9},
                                           Golden{vgg_mini("dense", 4096), 17'967'690, 169.6}));

// A 3x3 convolution of 256 channels has 589,824 weights and 256 biases, and sees 16 pixels; without
// the last pooling, the first linear layer of the dense head takes 16,384 numbers instead of 4,096.
INSTANTIATE_TEST_SUITE_P(
    VggMiniHeads, GoldenCounts,
    ::testing::Values(
        Golden{vgg_mini("gmp"), 1'147'978, 152.8},
        Golden{{.name = "vgg_mini", .head_convs = 1}, 1'147'978 + 590'080, 162.2},
        Golden{{.name = "vgg_mini", .last_pool = false}, 1'147'978, 152.8},
        Golden{{.name = "vgg_mini", .head = "dense", .head_width = 4096, .last_pool = false},
               17'967'690 + 12'288 * 4'096,
               219.9}));

INSTANTIATE_TEST_SUITE_P(LeNet5, GoldenCounts,
                         ::testing::Values(Golden{{.name = "lenet5"}, 62'006, 0.7}));

// All-CNN-C in Keras by others lists 2688, 83040, 83040, 166080, 331968, 331968, 331968, 37056,
// 1930 for its nine convolutions.
TEST(CountsByHand, AllCnnCLayerByLayer) {
  const Model model = build_model(springenberg("C", "all_conv"));
  std::vector<int64_t> counts;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    if (const int64_t count = parameter_count(*leaf.layer); count > 0) counts.push_back(count);
  }
  EXPECT_EQ(counts, (std::vector<int64_t>{2688, 83040, 83040, 166080, 331968, 331968, 331968, 37056,
                                          1930}));
}

// 24 and 48 channels: 672 + 2 * 5208 + 10416 + 3 * 20784 + 2352 + 490.
TEST(CountsByHand, WidthScalesTheChannels) {
  ModelOptions options = springenberg("C", "all_conv");
  options.width = 0.25;
  const Model model = build_model(options);
  EXPECT_EQ(parameter_count(*model.net), 86'698);
}

// Each batch norm adds a scale and a shift per channel: 3 * 96 + 5 * 192 channels, and none for the
// class maps.
TEST(CountsByHand, BatchNormAddsTwoPerChannel) {
  ModelOptions options = springenberg("C", "all_conv");
  options.batch_norm = true;
  const Model model = build_model(options);
  EXPECT_EQ(parameter_count(*model.net), 1'369'738 + 2 * (3 * 96 + 5 * 192));
}

}  // namespace
}  // namespace weir
