// PyTorch loads our checkpoints with load_state_dict and computes the same logits.
#include <cstdio>
#include <sstream>

#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "tests/train/tiny_run.h"
#include "train/trained_model.h"

namespace weir::testing {
namespace {

constexpr int kPictures = 5, kClasses = 4, kSide = 8;

// What a command prints; empty when it fails.
std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int letter = std::fgetc(pipe); letter != EOF; letter = std::fgetc(pipe)) {
    text += static_cast<char>(letter);
  }
  return pclose(pipe) == 0 ? text : "";
}

// The script's formula.
Tensor fixed_pictures() {
  std::vector<float> values(kPictures * 3 * kSide * kSide);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i * 37 % 101) / 50.f - 1.f;
  }
  return images_from_nchw(values.data(), kPictures, 3, kSide, kSide);
}

TEST(Torch, LoadsOurWeightsStrictlyAndAgrees) {
  if (output_of("/usr/bin/python3 -c 'import torch; print(1)' 2>/dev/null").empty()) {
    GTEST_SKIP() << "PyTorch is not installed (python3-torch)";
  }
  const TemporaryFolder folder;
  const std::filesystem::path run = train_tiny(tiny_config(folder.path())).folder;
  const std::filesystem::path weights = run / "weights/last.safetensors";
  const std::string text = output_of(
      "/usr/bin/python3 " WEIR_SOURCE_DIR "/tests/golden/load_checkpoint.py " + weights.string());
  ASSERT_FALSE(text.empty()) << "load_state_dict refused the file";
  TrainedModel model = load_trained_model(weights);
  const std::vector<float> logits = nchw_from_images(
      model.network->forward(Variable(fixed_pictures()), {.training = false}).value());
  std::istringstream lines(text);
  for (int i = 0; i < kPictures * kClasses; ++i) {
    float expected = 0;
    ASSERT_TRUE(lines >> expected);
    // Sums of 27 and of 96 products of numbers near 1: 123 roundings of 2^-24, in each of both.
    EXPECT_NEAR(logits[static_cast<size_t>(i)], expected, 2 * 123 * 0x1p-24f * 4) << i;
  }
}

}  // namespace
}  // namespace weir::testing
