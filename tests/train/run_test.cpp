// The run folder and the files in it.
#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/run/batch_picture.h"
#include "train/run/curves.h"
#include "train/run/run_folder.h"
#include "train/run/step_log.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;

TEST(RunFolder, TakesTheNextNumberAndIgnoresOtherNames) {
  const TemporaryFolder folder;
  EXPECT_EQ(RunFolder::next(folder.path(), "net"), folder.path() / "net" / "0001");
  fs::create_directories(folder.path() / "net" / "0007");
  fs::create_directories(folder.path() / "net" / "0012-copy");
  EXPECT_EQ(RunFolder::next(folder.path(), "net").filename(), "0008");
  EXPECT_EQ(RunFolder::create(folder.path(), "net").path().filename(), "0008");
}

TEST(RunFolder, NewestIsTheHighestNumberWithAState) {
  const TemporaryFolder folder;
  EXPECT_FALSE(RunFolder::newest(folder.path(), "net").has_value());
  for (int i = 0; i < 3; ++i) RunFolder::create(folder.path(), "net");
  EXPECT_FALSE(RunFolder::newest(folder.path(), "net").has_value());
  write_file_atomic(folder.path() / "net/0001/state.safetensors", "x");
  write_file_atomic(folder.path() / "net/0002/state.safetensors", "x");
  EXPECT_EQ(RunFolder::newest(folder.path(), "net")->path().filename(), "0002");
}

TEST(StepLog, KeepsWhatTheStateKnowsAndDropsTheRest) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "steps.jsonl";
  {
    StepLog log(path, 0);
    for (int64_t step = 1; step <= 5; ++step) log.add({.step = step, .loss = 0.5});
    log.flush();
  }
  write_file_atomic(path, read_file(path) + "{\"step\":6,\"lo");  // torn by a crash
  StepLog log(path, 3);
  log.add({.step = 4, .loss = 0.25});
  log.flush();
  const std::string text = read_file(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_NE(text.find("\"step\":4,\"epoch\":0,\"loss\":0.25"), std::string::npos);
  EXPECT_EQ(text.find("\"step\":5"), std::string::npos);
}

TEST(BatchPicture, ShowsEachPictureFromBlackToWhite) {
  // Nine pictures of 3 channels, 2 high and 3 wide: two rows. Picture 8 rises from -4 to 13.
  std::vector<float> values(9 * 3 * 2 * 3, 1.f);
  for (size_t i = 0; i < 18; ++i) values[8 * 18 + i] = static_cast<float>(i) - 4.f;
  const Picture sheet = picture_of_batch(images_from_nchw(values.data(), 9, 3, 2, 3));
  EXPECT_EQ(sheet.width, 8 * (3 * 2 + 2) + 2);
  EXPECT_EQ(sheet.height, 2 * (2 * 2 + 2) + 2);
  const int left = 2, top = 2 + 6;  // of picture 8
  EXPECT_EQ(sheet.at(left, top, 0), 0);
  EXPECT_EQ(sheet.at(left + 5, top + 3, 2), 255);
  EXPECT_EQ(sheet.at(left + 1, top + 1, 1), sheet.at(left, top, 1)) << "enlarged twice";
  EXPECT_EQ(sheet.at(left, top, 1), 90) << "channel 1 begins at 2, and 6 / 17 * 255 is 90";
}

TEST(Curves, DrawOneEpochAndNoValidation) {
  const EpochRow row{.epoch = 1, .train_loss = 2, .train_acc = 0.25};
  const Picture picture = draw_curves("run", {row});
  EXPECT_GT(picture.width, 0);
}

}  // namespace
}  // namespace weir::testing
