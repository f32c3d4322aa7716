#include "train/config/emit.h"

#include <gtest/gtest.h>

#include "config_text.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

// Values that differ from every default and are awkward to write.
constexpr const char* kFull = R"(
name: full_1.2
data:
  name: image_folder
  root: "~/my pictures: \"all\" #1"
  val_split: 0.30000000000000004
  limit: 77
  batch_size: 33
  normalize: gcn_zca
  gcn_scale: 54.9
  zca_bias: 1.0e-7
  augment: [{hflip: 0.3}, {crop: {padding: 4, padding_mode: reflect}}, {cutout: 7}]
  image_size: 48
  resize: nearest
  test_split: 0.11
model:
  name: layers
  layers:
    - {conv2d: {out_channels: 9, kernel_size: [3, 5], padding: [1, 2]}, batch_norm: true, act: silu, repeat: 2, name: a}
    - leaky_relu: 0.2
    - relu
  head: [flatten, {linear: {out_features: num_classes, bias: false}}]
loss: {label_smoothing: 0.1}
optimizer: {name: adamw, lr: 3.0e-4, betas: [0.85, 0.97], eps: 1e-6, decay_bias_and_norm: false}
scheduler: {name: onecycle, pct_start: 0.2, cycle_momentum: true, base_momentum: 0.8}
train:
  seed: 18446744073709
  clip_grad_norm: 2.5
  fail_if_stuck: {after_epochs: null, below: 0.05}
  resume: auto
output: {dir: "null", images: false}
expect: {val_acc: ">= 0.5", test_loss: "<1e-3"}
)";

TEST(Emit, ReadsBackAsTheSameConfiguration) {
  const Config config = config_of(kFull);
  const std::string text = to_yaml(config);
  const LoadedConfig again = loaded(text);
  EXPECT_TRUE(diff(config, again.config).empty());
  EXPECT_EQ(to_yaml(again.config), text);
  EXPECT_EQ(again.config.data.root, "~/my pictures: \"all\" #1");
  EXPECT_EQ(again.config.data.val_split, 0.30000000000000004);
  EXPECT_EQ(again.config.output.dir, "null");
  EXPECT_EQ(again.config.model.layers[0].args.at("padding").items[1], "2");
}

TEST(Emit, HoldsEveryKeyThatApplies) {
  for (const char* source : {kFull, "name: x"}) {
    const Config config = config_of(source);
    const LoadedConfig again = loaded(to_yaml(config));
    for (const Key& key : config_keys()) {
      EXPECT_EQ(again.origins.contains(key.path), applies(key, config)) << key.path;
    }
  }
}

TEST(Emit, LooksAsAPersonWouldWriteIt) {
  const std::string text = to_yaml(Config{});
  EXPECT_EQ(text.substr(0, text.find("  normalize")),
            "name: run\n"
            "data:\n"
            "  name: cifar10\n"
            "  root: null\n"
            "  val_split: 0.1\n"
            "  limit: null\n"
            "  batch_size: 128\n");
  EXPECT_NE(text.find("  weight_decay: 5e-4\n"), std::string::npos);
  EXPECT_NE(text.find("  fail_if_stuck:\n    after_epochs: 10\n    below: auto\n  resume: null\n"),
            std::string::npos);
}

TEST(Emit, OriginsBehindTheValues) {
  const std::string text = to_yaml_with_origins(loaded("train: {epochs: 3}", {"train.seed=9"}));
  EXPECT_NE(text.find("  epochs: 3                               # c.yaml:1:17\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  seed: 9                                 # override #1\n"),
            std::string::npos);
  EXPECT_NE(text.find("  patience: null                          # default\n"), std::string::npos);
  EXPECT_EQ(to_yaml(config_of(text)), to_yaml(config_of("train: {epochs: 3, seed: 9}")));
}

TEST(Emit, DifferencesOfTwoConfigurations) {
  const auto differences =
      diff(config_of("scheduler: {name: cosine, min_lr: 0.01}\noptimizer: {lr: 0.2}"),
           config_of("scheduler: {name: constant}\noptimizer: {lr: 0.3}"));
  ASSERT_EQ(differences.size(), 3u);
  EXPECT_EQ(differences[0].key, "optimizer.lr");
  EXPECT_EQ(differences[0].a, "0.2");
  EXPECT_EQ(differences[0].b, "0.3");
  EXPECT_EQ(differences[1].key, "scheduler.name");
  EXPECT_EQ(differences[2].key, "scheduler.min_lr");
  EXPECT_EQ(differences[2].b, "");
}

}  // namespace
}  // namespace weir
