// The bar of a running epoch: what it shows, and when it is drawn at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/progress_line.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const BatchProgress kHalfway = {.epoch = 3,
                                .epochs = 15,
                                .batch = 176,
                                .batches = 352,
                                .loss = 0.4125,
                                .accuracy = 0.857,
                                .lr = 0.031,
                                .images_per_s = 2140,
                                .eta_s = 3723,
                                .data_share = 0.12};

// Columns of a line whose only wide characters are the bar's, of three bytes and one column each.
size_t columns(const std::string& line) {
  size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

TEST(ProgressLine, ShowsEverythingWhenThereIsRoom) {
  EXPECT_EQ(progress_line(kHalfway, 120),
            "epoch  3/15 ━━━━━━━━━━            176/352  loss 0.412  acc 85.7  eta 1:02:03  2140 "
            "img/s  lr 3.1e-02  data 12%");
}

TEST(ProgressLine, FitsEveryWidth) {
  for (int width = 20; width <= 130; ++width) {
    EXPECT_LT(columns(progress_line(kHalfway, width)), static_cast<size_t>(width)) << width;
  }
}

TEST(ProgressLine, WaitingForDataIsSaidOnlyWhenItMatters) {
  BatchProgress busy = kHalfway;
  busy.data_share = 0.04;
  EXPECT_THAT(progress_line(busy, 130), Not(HasSubstr("data")));
}

TEST(ProgressLine, Durations) {
  EXPECT_EQ(clock_text(3), "0:03");
  EXPECT_EQ(clock_text(754), "12:34");
  EXPECT_EQ(clock_text(-1), "0:00");
  EXPECT_EQ(duration_text(12.34), "12.3 s");
  EXPECT_EQ(duration_text(312), "5 min 12 s");
  EXPECT_EQ(duration_text(7380), "2 h 03 min");
}

// A container may come without pseudo-terminals.
bool has_terminals() {
  TempFolder folder;
  return run_program({"script", "-qec", "true", "/dev/null"}, {.folder = folder.path()})
             .exit_code == 0;
}

// script(1) gives the command a terminal.
std::string on_a_terminal(const std::string& type) {
  TempFolder folder;
  const std::string command = WEIR_BINARY
      " train model={name:\\ lenet5} data.train_size=600 data.test_size=10 train.epochs=2 "
      "train.fail_if_stuck.after_epochs=null";
  const CommandResult result =
      run_program({"script", "-qec", command, "/dev/null"},
                  {.folder = folder.path(), .environment = {"TERM=" + type}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  return result.out;
}

TEST(ProgressBar, IsDrawnOnATerminal) {
  if (!has_terminals()) GTEST_SKIP() << "no pseudo-terminal on this system";
  EXPECT_THAT(on_a_terminal("xterm"), HasSubstr("\r\x1b[Kepoch 1/2 "));
}

TEST(ProgressBar, IsNotDrawnOnADumbTerminal) {
  if (!has_terminals()) GTEST_SKIP() << "no pseudo-terminal on this system";
  EXPECT_THAT(on_a_terminal("dumb"), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace weir::testing
