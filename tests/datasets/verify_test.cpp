#include "datasets/verify.h"

#include <algorithm>

#include "tests/datasets/expect_error.h"
#include "tests/datasets/pickle_writer.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

using testing_support::expect_error;
using testing_support::Files;
using testing_support::TempFolder;
using testing_support::tiny_binary_files;
using testing_support::tiny_pickle_files;
using testing_support::write_files;

const Check& check(const std::vector<Check>& checks, const std::string& name) {
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&](const Check& entry) { return entry.name == name; });
  if (found == checks.end()) throw std::runtime_error("no check named " + name);
  return *found;
}

TEST(Verify, Synth10PassesEveryCheck) {
  const auto checks = verify_dataset({.name = "synth10", .synth10 = {.train = 40, .test = 20}});
  for (const Check& entry : checks) EXPECT_TRUE(entry.ok) << entry.name << ": " << entry.detail;
  EXPECT_EQ(check(checks, "train pictures").detail, "40 of 3x32x32");
  EXPECT_EQ(check(checks, "train pictures of each class").detail, "4");
  EXPECT_EQ(check(checks, "sha256").detail.size(), 64u);
}

TEST(Verify, ThePublishedSynth10HasItsFrozenSum) {
  const auto checks = verify_dataset({.name = "synth10"});
  EXPECT_TRUE(check(checks, "sha256").ok);
  EXPECT_EQ(check(checks, "sha256").detail, kSynth10Sha256);
}

TEST(Verify, AClassWithoutPicturesFails) {
  const auto checks = verify_dataset({.name = "synth10", .synth10 = {.train = 40, .test = 7}});
  EXPECT_FALSE(check(checks, "test pictures of each class").ok);
  EXPECT_EQ(check(checks, "test pictures of each class").detail, "0 to 1");
}

TEST(Verify, SaysWhichFileOfThePythonFormIsNotThePublishedOne) {
  const TempFolder folder;
  write_files(folder / "cifar-10-batches-py", tiny_pickle_files());
  const auto checks = verify_dataset({.name = "cifar10", .root = folder.path().string()});
  const Check& sum = check(checks, "md5 of data_batch_2");
  EXPECT_FALSE(sum.ok);
  EXPECT_THAT(sum.detail, testing::HasSubstr("expected d4bba439e000b95fd0a9bffe97cbabec, found"));
  EXPECT_FALSE(check(checks, "read").ok);
  EXPECT_THAT(check(checks, "read").detail, testing::HasSubstr("(10000, 3072)"));
}

TEST(Verify, ChecksTheSumOfAnArchive) {
  const TempFolder folder;
  write_file_atomic(folder / "cifar-10-binary.tar.gz", "x");
  const auto checks = verify_dataset({.name = "auto", .root = folder.path().string()});
  EXPECT_FALSE(check(checks, "md5 of cifar-10-binary.tar.gz").ok);
  EXPECT_FALSE(check(checks, "read").ok);
}

// Right sizes and labels are not enough: the published set has 5,000 pictures of each class.
TEST(Verify, SeesThatTheClassesAreNotThoseOfThePublishedSet) {
  const TempFolder folder;
  write_files(folder.path(), tiny_binary_files());
  for (const auto& [name, bytes] : tiny_binary_files()) {
    if (name == "batches.meta.txt") continue;
    std::filesystem::resize_file(folder / name, 0);
    std::filesystem::resize_file(folder / name, 30'730'000);  // all zero, all airplanes
  }
  const auto checks = verify_dataset({.name = "cifar10", .root = folder.path().string()});
  EXPECT_TRUE(check(checks, "read").ok);
  EXPECT_TRUE(check(checks, "train pictures").ok);
  EXPECT_FALSE(check(checks, "train pictures of each class").ok);
  EXPECT_EQ(check(checks, "train pictures of each class").detail,
            "expected 5000, found 0 to 50000");
}

TEST(Verify, AMissingSetIsACheckThatFails) {
  const TempFolder folder;
  const auto checks = verify_dataset({.name = "cifar10", .root = folder.path().string()});
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_FALSE(checks[0].ok);
  EXPECT_THAT(checks[0].detail, testing::HasSubstr("weir data get cifar10"));
}

TEST(Verify, AnUnknownNameIsAUsageError) {
  expect_error([] { verify_dataset({.name = "mnist"}); }, ErrorKind::kUsage, {"mnist"});
}

}  // namespace
}  // namespace weir
