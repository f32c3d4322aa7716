#include "compare/run/child_process.h"

#include <chrono>
#include <csignal>
#include <memory>

#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>

#include "compare/run/folder_lock.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"

namespace weir::testing {
namespace {

using Lines = std::vector<std::string>;

Lines all_lines(ChildProcess& child) {
  Lines lines;
  while (child.read_lines(lines)) {
    pollfd file{.fd = child.descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&file, 1, -1);
  }
  return lines;
}

TEST(ChildProcess, LinesOfBothStreamsAndTheExitCode) {
  ChildProcess child({"sh", "-c", "echo one; echo two >&2; printf three; exit 7"});
  EXPECT_EQ(all_lines(child), (Lines{"one", "two", "three"}));
  EXPECT_EQ(child.wait(), 7);
}

TEST(ChildProcess, LongOutputDoesNotStopIt) {
  ChildProcess child(
      {"sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"});
  const Lines lines = all_lines(child);
  ASSERT_EQ(lines.size(), 20000u);
  EXPECT_EQ(lines.back(), "line 19999");
  EXPECT_EQ(child.wait(), 0);
}

TEST(ChildProcess, SignalsAndMissingPrograms) {
  ChildProcess child({"sleep", "100"});
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), 128 + SIGTERM);
  ChildProcess missing({"/no/such/program"});
  EXPECT_EQ(missing.wait(), 127);
}

// A signal that comes while the new process is not yet its program.
bool signals_every_new_process = false;

// Handlers are inherited until exec: this one stands for that of a command that catches Ctrl-C.
TEST(ChildProcess, ASignalBeforeTheProgramBeginsEndsIt) {
  ::pthread_atfork(nullptr, nullptr, [] {
    if (signals_every_new_process) ::raise(SIGTERM);
  });
  const auto before = ::signal(SIGTERM, [](int) {});
  signals_every_new_process = true;
  ChildProcess child({"sh", "-c", "echo it began"});
  signals_every_new_process = false;
  ::signal(SIGTERM, before);
  EXPECT_EQ(all_lines(child), Lines{});
  EXPECT_EQ(child.wait(), 128 + SIGTERM);
}

TEST(ChildProcess, EndsWithItsObject) {
  const auto start = std::chrono::steady_clock::now();
  { ChildProcess child({"sleep", "100"}); }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(50));
}

TEST(FolderLock, IsHeldByOneAndByWhatItStarted) {
  const TemporaryFolder folder;
  const std::filesystem::path place = folder.path() / "made" / "on the way";
  std::unique_ptr<ChildProcess> child;
  {
    const FolderLock first(place);
    expect_error(ErrorKind::kUsage, "another comparison is at work", [&] { FolderLock(place, 0); });
    child = std::make_unique<ChildProcess>(Lines{"sleep", "100"});
  }
  expect_error(ErrorKind::kUsage, "another comparison", [&] { FolderLock(place, 0); });
  child.reset();
  const FolderLock again(place, 0);
}

}  // namespace
}  // namespace weir::testing
