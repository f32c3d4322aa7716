#include "datasets/cifar10_binary.h"

#include "tests/datasets/cifar10_files.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

using testing_support::class_file;
using testing_support::expect_error;
using testing_support::expect_tiny;
using testing_support::Files;
using testing_support::kTiny;
using testing_support::TempFolder;
using testing_support::tiny_binary_files;
using testing_support::write_files;

// Reads the tiny set after `change`, and expects kData with these words.
void expect_refused(const std::function<void(Files&)>& change,
                    std::initializer_list<std::string> words) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  change(files);
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_binary(folder.path(), kTiny); }, ErrorKind::kData, words);
}

TEST(Cifar10Binary, ReadsTheSixFiles) {
  const TempFolder folder;
  write_files(folder.path(), tiny_binary_files());
  const Dataset set = read_cifar10_binary(folder.path(), kTiny);
  expect_tiny(set);
  EXPECT_EQ(set.source, folder.path().string());
}

TEST(Cifar10Binary, NeedsNoListOfClasses) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files.erase("batches.meta.txt");
  write_files(folder.path(), files);
  expect_tiny(read_cifar10_binary(folder.path(), kTiny));
}

TEST(Cifar10Binary, AcceptsWindowsLineEndsInTheListOfClasses) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files["batches.meta.txt"] =
      "airplane\r\nautomobile\r\nbird\r\ncat\r\ndeer\r\ndog\r\nfrog\r\nhorse\r\nship\r\ntruck\r\n";
  write_files(folder.path(), files);
  expect_tiny(read_cifar10_binary(folder.path(), kTiny));
}

TEST(Cifar10Binary, RefusesATruncatedFile) {
  expect_refused(
      [](Files& files) { files["data_batch_3.bin"].resize(3 * 3073 - 5); },
      {"data_batch_3.bin", "expected 9219 bytes", "found 9214", "5 bytes too few", "truncated"});
}

TEST(Cifar10Binary, RefusesAnOversizedFile) {
  expect_refused([](Files& files) { files["test_batch.bin"] += "excess"; },
                 {"test_batch.bin", "found 9225", "6 bytes too many", "oversized"});
}

TEST(Cifar10Binary, RefusesAnEmptyFile) {
  expect_refused([](Files& files) { files["data_batch_1.bin"].clear(); },
                 {"data_batch_1.bin", "found 0", "9219 bytes too few"});
}

TEST(Cifar10Binary, NamesTheRecordWithALabelAboveNine) {
  expect_refused([](Files& files) { files["data_batch_2.bin"][2 * 3073] = 10; },
                 {"data_batch_2.bin", "record 2", "label 10", "expected 0 to 9"});
}

TEST(Cifar10Binary, ReadsALabelByteAsUnsigned) {
  expect_refused([](Files& files) { files["data_batch_2.bin"][0] = '\xff'; },
                 {"record 0", "label 255"});
}

TEST(Cifar10Binary, NamesTheMissingFile) {
  expect_refused([](Files& files) { files.erase("data_batch_4.bin"); },
                 {"data_batch_4.bin is missing", "weir data get cifar10"});
}

// An exported synthetic set must not pass for CIFAR-10.
TEST(Cifar10Binary, RefusesOtherClasses) {
  expect_refused([](Files& files) { files["batches.meta.txt"] = "disc\nsquare\n"; },
                 {"not CIFAR-10", "disc, square", "airplane"});
}

TEST(Cifar10Binary, ChecksTheRealSizeByDefault) {
  const TempFolder folder;
  write_files(folder.path(), tiny_binary_files());
  expect_error(
      [&] { read_cifar10_binary(folder.path()); }, ErrorKind::kData,
      {"expected 30730000 bytes (10000 records of 3073)", "found 9219", "30720781 bytes too few"});
}

TEST(Cifar10Binary, AHugeFileIsRefusedWithoutReadingIt) {
  const TempFolder folder;
  write_files(folder.path(), tiny_binary_files());
  std::filesystem::resize_file(folder / "data_batch_1.bin", uint64_t{1} << 40);  // sparse
  expect_error([&] { read_cifar10_binary(folder.path()); }, ErrorKind::kData,
               {"1099480897776 bytes too many"});
}

TEST(Cifar10Binary, AFolderInPlaceOfAFileIsAnError) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files.erase("data_batch_1.bin");
  write_files(folder.path(), files);
  std::filesystem::create_directory(folder / "data_batch_1.bin");
  expect_error([&] { read_cifar10_binary(folder.path(), kTiny); }, ErrorKind::kData,
               {"data_batch_1.bin"});
}

TEST(Cifar10Binary, TakesAnyCountAndOwnClassesWhenAsked) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files["batches.meta.txt"] = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
  files["data_batch_5.bin"].resize(3073);
  write_files(folder.path(), files);
  const Dataset set = read_cifar10_binary(folder.path(), {.records_per_file = 0, .classes = {}});
  EXPECT_EQ(set.train.count(), 13);
  EXPECT_EQ(set.test.count(), 3);
  EXPECT_EQ(set.classes.front(), "a");
}

TEST(Cifar10Binary, RefusesHalfARecordOfAnyCount) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files["data_batch_5.bin"].resize(3073 + 100);
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_binary(folder.path(), {.records_per_file = 0}); },
               ErrorKind::kData, {"data_batch_5.bin", "whole records", "100 bytes after the last"});
}

TEST(Cifar10Binary, RefusesALabelWithoutAClass) {
  const TempFolder folder;
  Files files = tiny_binary_files();
  files["batches.meta.txt"] = "a\nb\n";
  files["data_batch_1.bin"][0] = 9;
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_binary(folder.path(), {.records_per_file = 0, .classes = {}}); },
               ErrorKind::kData, {"expected 0 to 1"});
}

}  // namespace
}  // namespace weir
