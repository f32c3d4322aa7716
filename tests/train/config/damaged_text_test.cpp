// Damaged configurations: whatever the bytes are, loading ends with a configuration or with an
// Error, never with another exception or a crash.
#include <string>

#include <gtest/gtest.h>

#include "config_text.h"
#include "train/config/emit.h"

namespace weir {
namespace {

const std::string kText = R"(name: a
data: {root: "x\ty", augment: [{hflip: 0.3}, {crop: {padding: 4}}]}
model:
  name: layers
  layers:
    - {conv2d: {out_channels: 9, kernel_size: [3, 5]}, batch_norm: true, repeat: 2}
    - relu
  head: [flatten, {linear: num_classes}]
optimizer: {lr: 3.0e-4}
expect: {val_acc: ">= 0.5"}
)";

// True when the text loads; then what is written from it must load again.
bool loads(const std::string& text) {
  try {
    loaded(to_yaml(config_of(text)));
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage) << error.what();
    EXPECT_STRNE(error.what(), "");
    return false;
  }
}

TEST(DamagedText, CutAnywhere) {
  ASSERT_TRUE(loads(kText));
  int refused = 0;
  for (size_t length = 0; length < kText.size(); ++length) {
    refused += !loads(kText.substr(0, length));
  }
  EXPECT_GT(refused, static_cast<int>(kText.size() / 4));
}

TEST(DamagedText, OneByteReplaced) {
  int refused = 0, tried = 0;
  for (size_t at = 0; at < kText.size(); ++at) {
    for (const char byte : {'\0', '[', '}', ':', '&', '"', '\n', '\xFF', '9', '-'}) {
      std::string text = kText;
      text[at] = byte;
      refused += !loads(text);
      ++tried;
    }
  }
  EXPECT_GT(refused, tried / 2);
  EXPECT_LT(refused, tried);
}

}  // namespace
}  // namespace weir
