#include "core/base/file.h"

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

class File : public ::testing::Test {
 protected:
  File() : folder_(fs::path(::testing::TempDir()) / ("file_test" + std::to_string(::getpid()))) {
    make_folder(folder_);
  }
  ~File() override { fs::remove_all(folder_); }
  size_t entries() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
  }
  fs::path folder_;
};

TEST_F(File, RoundTrip) {
  const std::string bytes("with\0zero", 9);
  write_file_atomic(folder_ / "a", bytes);
  EXPECT_EQ(read_file(folder_ / "a"), bytes);
  write_file_atomic(folder_ / "a", "new");
  EXPECT_EQ(read_file(folder_ / "a"), "new");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, PiecesFollowOneAnother) {
  const std::string_view pieces[] = {"one", "", "two\n", "three"};
  write_file_atomic(folder_ / "a", pieces);
  EXPECT_EQ(read_file(folder_ / "a"), "onetwo\nthree");
}

TEST_F(File, ReadingSaysWhatIsWrong) {
  EXPECT_THROW(read_file(folder_ / "absent"), Error);
  write_file_atomic(folder_ / "big", "12345");
  try {
    read_file(folder_ / "big", 4);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_NE(std::string(error.what()).find("has 5 bytes, more than the 4"), std::string::npos);
  }
}

TEST_F(File, AFailedWriteLeavesTheOldFileAndNoRubbish) {
  write_file_atomic(folder_ / "a", "old");
  const pid_t child = ::fork();
  if (child == 0) {  // a full disk, as a process sees it: the write stops short with EFBIG
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file_atomic(folder_ / "a", std::string(100'000, 'x'));
    } catch (const Error& error) {
      ::_exit(error.kind() == ErrorKind::kInternal ? 0 : 2);
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_file(folder_ / "a"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, AKilledWriterLeavesTheOldFileOrTheNew) {
  const std::string before(200'000, 'a'), after(200'000, 'b');
  for (int delay_us : {0, 200, 1000, 3000}) {
    write_file_atomic(folder_ / "a", before);
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) write_file_atomic(folder_ / "a", after);
    }
    ::usleep(static_cast<useconds_t>(delay_us));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = read_file(folder_ / "a");
    EXPECT_TRUE(found == before || found == after);
  }
}

TEST_F(File, AFolderUnderAFileCannotBeMade) {
  write_file_atomic(folder_ / "a", "x");
  EXPECT_THROW(make_folder(folder_ / "a" / "b"), Error);
}

}  // namespace
}  // namespace weir
