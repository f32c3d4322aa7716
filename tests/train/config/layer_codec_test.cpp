// model.layers and model.head.
#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

std::string with_layers(const std::string& list) {
  return "model:\n  name: layers\n  layers: " + list + "\n";
}

TEST(Layers, EveryWayOfWritingOne) {
  const Config config = config_of(with_layers(R"(
    - {conv2d: {out_channels: 64, kernel_size: [3, 5]}, batch_norm: true, act: relu, repeat: 2, name: a}
    - max_pool2d: {kernel_size: 2, ceil_mode: true}
    - {dropout: 0.5}
    - relu
    - batch_norm2d: {eps: 1e-3}
    - flatten:)"));
  const std::vector<LayerSpec>& layers = config.model.layers;
  ASSERT_EQ(layers.size(), 6u);
  EXPECT_EQ(layers[0].kind, "conv2d");
  EXPECT_EQ(layers[0].args.at("out_channels").text, "64");
  EXPECT_EQ(layers[0].args.at("kernel_size").items, (std::vector<std::string>{"3", "5"}));
  EXPECT_TRUE(layers[0].args.at("kernel_size").is_list);
  EXPECT_TRUE(layers[0].batch_norm);
  EXPECT_EQ(layers[0].act, "relu");
  EXPECT_EQ(layers[0].repeat, 2);
  EXPECT_EQ(layers[0].name, "a");
  EXPECT_EQ(layers[1].args.at("ceil_mode").text, "true");
  EXPECT_EQ(layers[2].args.at("").text, "0.5");
  EXPECT_EQ(layers[3].kind, "relu");
  EXPECT_EQ(layers[4].kind, "batch_norm2d");
  EXPECT_FALSE(layers[4].batch_norm);
  EXPECT_EQ(layers[5].kind, "flatten");
  EXPECT_TRUE(layers[5].args.empty());
}

TEST(Layers, PlacesTravelAlong) {
  const Config config = config_of(with_layers("[relu, {conv2d: {kernel_size: 3}}]"));
  EXPECT_EQ(config.model.layers[0].place, "c.yaml:3:12");
  EXPECT_EQ(config.model.layers[1].place, "c.yaml:3:18");
  EXPECT_EQ(config.model.layers[1].args.at("kernel_size").place, "c.yaml:3:41");
}

TEST(Layers, TheHeadIsAWordOrAList) {
  const Config word = config_of("model: {name: vgg_mini, head: dense, head_width: 64}");
  EXPECT_EQ(word.model.head, "dense");
  EXPECT_TRUE(word.model.tail.empty());
  const Config list =
      config_of("model: {name: layers, layers: [relu], head: [flatten, {linear: num_classes}]}");
  EXPECT_EQ(list.model.head, "");
  ASSERT_EQ(list.model.tail.size(), 2u);
  EXPECT_EQ(list.model.tail[1].args.at("").text, "num_classes");
}

TEST(Layers, AWordReplacesAListAndBack) {
  const std::string list = "model: {name: vgg_mini, head: dense}";
  EXPECT_EQ(config_of(list, {"model.head=gap"}).model.head, "gap");
  EXPECT_EQ(config_of(list, {"model.head=null"}).model.head, "");
}

TEST(Layers, Mistakes) {
  EXPECT_EQ(errors_of(with_layers("relu")),
            "c.yaml:3:11: error: model.layers: expected a list of layers, found 'relu'");
  EXPECT_EQ(errors_of(with_layers("[[relu]]")),
            "c.yaml:3:12: error: model.layers: expected a layer such as `relu` or `{linear: 512}`, "
            "found a list");
  EXPECT_EQ(errors_of(with_layers("[{batch_norm: true}]")),
            "c.yaml:3:12: error: model.layers: this entry names no layer");
  EXPECT_EQ(errors_of(with_layers("[{linear: 3, relu: 4}]")),
            "c.yaml:3:24: error: model.layers: one list entry is one layer, found 'linear' and "
            "'relu'; beside the layer stand batch_norm, act, repeat and name");
  EXPECT_EQ(errors_of(with_layers("[{linear: 3, repeat: 0}]")),
            "c.yaml:3:32: error: model.layers.repeat: expected an integer from 1 to 256, found "
            "'0'");
  EXPECT_EQ(errors_of(with_layers("[{linear: 3, batch_norm: yes}]")),
            "c.yaml:3:36: error: model.layers.batch_norm: expected true or false, found 'yes'");
  EXPECT_EQ(errors_of(with_layers("[{conv2d: {kernel_size: {h: 3}}}]")),
            "c.yaml:3:35: error: model.layers: conv2d.kernel_size: expected a value or a list of "
            "values, found a map");
  EXPECT_EQ(errors_of(with_layers("[{conv2d: {kernel_size: [[3]]}}]")),
            "c.yaml:3:36: error: model.layers: conv2d.kernel_size: expected a value or a list of "
            "values, found a list");
}

}  // namespace
}  // namespace weir
