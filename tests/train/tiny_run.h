// A training run that takes milliseconds: a small net on the 64 pictures of stripes4.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "datasets/stripes4.h"
#include "train/config/load.h"
#include "train/trainer.h"

namespace weir::testing {

// A folder that exists only during a test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = ::testing::TempDir() + "weir_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Batch 20 of 51 training pictures: the last batch of an epoch is not full, and 20 is no multiple
// of the block. Dropout, batch norm and augmentation use random numbers and running statistics.
inline const char* const kTinyConfig = R"(
name: tiny
data: {name: synth10, val_split: 0.2, batch_size: 20, augment: [{hflip: 0.5}, {crop: {padding: 1}}]}
model:
  name: layers
  layers:
    - {conv2d: {out_channels: 6, kernel_size: 3, padding: 1}, batch_norm: true, act: relu}
    - max_pool2d: {kernel_size: 2, stride: 2}
    - dropout: 0.1
  head: [flatten, {linear: num_classes}]
optimizer: {name: sgd, lr: 0.05, momentum: 0.9, weight_decay: 1.0e-3}
train: {epochs: 4, seed: 7, threads: 2}
)";

inline Config tiny_config(const std::filesystem::path& output,
                          const std::vector<std::string>& overrides = {}) {
  std::vector<Override> all{{"output.dir=" + output.string()}};
  for (const std::string& text : overrides) all.push_back({text});
  const LoadedConfig loaded = load_config_text(kTinyConfig, "tiny.yaml", all);
  return loaded.config;
}

inline TrainResult train_tiny(const Config& config, const std::atomic<bool>* stop = nullptr) {
  TrainObserver quiet;
  return train(config, quiet, {.dataset = make_stripes4(), .stop = stop, .command = "test"});
}

}  // namespace weir::testing
