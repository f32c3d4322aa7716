// state_dict names, shapes and printed layers equal those of PyTorch modules.
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "layers/state.h"
#include "models/registry.h"
#include "tests/models/specs.h"

namespace weir {
namespace {

using testing::bare;
using testing::entry;
using testing::list;
using testing::scalar;

// The lines of torch_names.txt that start with `prefix`, without it.
std::set<std::string> torch_lines(const std::string& prefix) {
  std::ifstream file(WEIR_SOURCE_DIR "/tests/models/torch_names.txt");
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(prefix)) lines.insert(line.substr(prefix.size()));
  }
  return lines;
}

// `net` is its name in make_torch_names.py.
void expect_equal_to_torch(const std::string& net, const ModelOptions& options) {
  const Model model = build_model(options);
  std::set<std::string> state, layers;
  for (const auto& [name, tensor] : state_of(*model.net)) {
    state.insert(name + " " + tensor.shape().str());
  }
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    layers.insert(fmt::format("{} {}({})", leaf.path, leaf.layer->kind(), leaf.layer->options()));
  }
  ASSERT_FALSE(torch_lines(net + " state ").empty());
  EXPECT_EQ(state, torch_lines(net + " state "));
  EXPECT_EQ(layers, torch_lines(net + " layer "));
}

TEST(TorchNames, LeNet5) {
  expect_equal_to_torch("lenet5", {.name = "lenet5", .downsample = "avg_pool", .act = "tanh"});
}

TEST(TorchNames, VggMini) {
  expect_equal_to_torch("vgg_mini",
                        {.name = "vgg_mini", .batch_norm = true, .dropout = 0.5, .head = "dense"});
}

TEST(TorchNames, AllCnnC) {
  expect_equal_to_torch(
      "all_cnn_c",
      {.name = "springenberg", .batch_norm = true, .input_dropout = 0.2, .dropout = 0.5});
}

TEST(TorchNames, SpringenbergBaseA) {
  expect_equal_to_torch("base_a", {.name = "springenberg", .base = "A", .downsample = "max_pool"});
}

TEST(TorchNames, ExplicitList) {
  LayerSpec block = entry("conv2d", {{"out_channels", scalar("8")},
                                     {"kernel_size", list({"3", "5"})},
                                     {"padding", list({"1", "2"})},
                                     {"groups", scalar("8")},
                                     {"bias", scalar("false")}});
  block.batch_norm = true;
  block.act = "silu";
  block.repeat = 2;
  block.name = "block";
  ModelOptions options{.name = "layers"};
  options.layers = {entry("conv2d", {{"in_channels", scalar("3")},
                                     {"out_channels", scalar("8")},
                                     {"kernel_size", scalar("3")},
                                     {"stride", list({"1", "2"})},
                                     {"dilation", scalar("2")}}),
                    bare("leaky_relu", "0.2"),
                    entry("batch_norm2d", {{"eps", scalar("0.001")}, {"momentum", scalar("0.3")}}),
                    entry("max_pool2d", {{"kernel_size", list({"3", "2"})},
                                         {"stride", list({"2", "1"})},
                                         {"padding", list({"1", "0"})},
                                         {"ceil_mode", scalar("true")}}),
                    block};
  options.tail = {
      entry("gelu"), entry("adaptive_avg_pool2d", {{"output_size", list({"2", "3"})}}),
      entry("flatten"),
      entry("linear", {{"out_features", scalar("num_classes")}, {"bias", scalar("false")}})};
  expect_equal_to_torch("explicit", options);
}

TEST(TorchNames, LayersThatMoveElements) {
  ModelOptions options{.name = "layers"};
  options.layers = {entry("reflection_pad2d", {{"padding", list({"1", "2", "3", "0"})}}),
                    entry("conv2d", {{"out_channels", scalar("4")}, {"kernel_size", scalar("4")}}),
                    bare("pixel_unshuffle", "2"),
                    entry("conv_transpose2d", {{"out_channels", scalar("8")},
                                               {"kernel_size", list({"3", "2"})},
                                               {"stride", scalar("2")},
                                               {"padding", list({"1", "0"})},
                                               {"output_padding", list({"1", "0"})}}),
                    entry("conv_transpose2d", {{"in_channels", scalar("8")},
                                               {"out_channels", scalar("8")},
                                               {"kernel_size", scalar("2")},
                                               {"dilation", scalar("3")},
                                               {"bias", scalar("false")}}),
                    bare("pixel_shuffle", "2")};
  options.tail = {entry("adaptive_max_pool2d", {{"output_size", list({"2", "3"})}}),
                  entry("flatten"), bare("linear", "num_classes")};
  expect_equal_to_torch("rearranged", options);
}

}  // namespace
}  // namespace weir
