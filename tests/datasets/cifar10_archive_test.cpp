#include "datasets/cifar10_archive.h"

#include "datasets/archive.h"
#include "tests/datasets/cifar10_files.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/pickle_writer.h"
#include "tests/datasets/tar_gz.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

using testing_support::expect_error;
using testing_support::expect_tiny;
using testing_support::Files;
using testing_support::kTiny;
using testing_support::TarEntry;
using testing_support::TempFolder;
using testing_support::tiny_binary_files;
using testing_support::tiny_pickle_files;
using testing_support::write_tar_gz;

std::vector<TarEntry> entries(const Files& files, const std::string& folder) {
  std::vector<TarEntry> list = {{folder + "/", "", AE_IFDIR}, {folder + "/readme.html", "<p>"}};
  // From the last name to the first: the order in an archive must not matter.
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    list.push_back({folder + "/" + file->first, file->second});
  }
  return list;
}

class Cifar10Archive : public testing::Test {
 protected:
  Cifar10Archive() {
    write_tar_gz(archive_, entries(tiny_binary_files(), "cifar-10-batches-bin"));
    md5_ = file_md5(archive_);
  }
  void expect_refused(std::initializer_list<std::string> words, const std::string& md5 = "") {
    expect_error([&] { read_cifar10_archive(archive_, kTiny, md5); }, ErrorKind::kData, words);
  }
  TempFolder folder_;
  std::filesystem::path archive_ = folder_ / "cifar-10-binary.tar.gz";
  std::string md5_;
};

TEST_F(Cifar10Archive, ReadsTheBinaryFormWithoutUnpacking) {
  const Dataset set = read_cifar10_archive(archive_, kTiny, md5_);
  expect_tiny(set);
  EXPECT_EQ(set.source, archive_.string());
  int files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::recursive_directory_iterator(folder_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST_F(Cifar10Archive, ReadsThePythonForm) {
  write_tar_gz(archive_, entries(tiny_pickle_files(), "cifar-10-batches-py"));
  expect_tiny(read_cifar10_archive(archive_, kTiny, ""));
}

TEST_F(Cifar10Archive, ExpectsThePublishedSumOfItsName) {
  expect_error([&] { read_cifar10_archive(archive_); }, ErrorKind::kData,
               {"expected MD5 c32a1d4ab5d03f1284b67883e8d87530", "found " + md5_, "delete it"});
  const auto python = folder_ / "cifar-10-python.tar.gz";
  std::filesystem::rename(archive_, python);
  expect_error([&] { read_cifar10_archive(python); }, ErrorKind::kData,
               {"expected MD5 c58f30108f718f92721af3b95e74349a"});
}

TEST_F(Cifar10Archive, RefusesAFlippedBit) {
  std::string bytes = read_file(archive_);
  bytes[bytes.size() / 2] ^= 1;
  write_file_atomic(archive_, bytes);
  expect_refused({"expected MD5 " + md5_, "found ", "get it again"}, md5_);
}

TEST_F(Cifar10Archive, RefusesATruncatedFile) {
  std::filesystem::resize_file(archive_, std::filesystem::file_size(archive_) - 1);
  expect_refused({"expected MD5 " + md5_}, md5_);
}

// The archive code must hold by itself, too: no damage may crash it or give other pictures.
TEST_F(Cifar10Archive, DamageWithoutASumIsStillAnError) {
  const std::string good = read_file(archive_);
  for (const size_t size : {size_t{0}, size_t{5}, size_t{40}, good.size() / 2}) {
    write_file_atomic(archive_, good.substr(0, size));
    expect_refused({archive_.string()});
  }
}

TEST_F(Cifar10Archive, FlippedBitsWithoutASumNeverCrash) {
  const std::string good = read_file(archive_);
  for (size_t i = 0; i < 60; ++i) {
    std::string bytes = good;
    bytes[i * 7919 % good.size()] ^= static_cast<char>(1 << i % 8);
    write_file_atomic(archive_, bytes);
    try {
      read_cifar10_archive(archive_, kTiny, "");  // a flip in a tar header's date is harmless
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kData);
    }
  }
}

TEST_F(Cifar10Archive, NamesTheMissingFile) {
  Files files = tiny_binary_files();
  files.erase("test_batch.bin");
  write_tar_gz(archive_, entries(files, "x"));
  expect_refused({"test_batch.bin is missing"});
}

TEST_F(Cifar10Archive, RefusesAFileThatIsThereTwice) {
  auto list = entries(tiny_binary_files(), "x");
  list.push_back({"y/data_batch_2.bin", tiny_binary_files()["data_batch_2.bin"]});
  write_tar_gz(archive_, list);
  expect_refused({"data_batch_2.bin is there twice"});
}

TEST_F(Cifar10Archive, LinksAndOutsidePathsMeanNothing) {
  auto list = entries(tiny_binary_files(), "../../etc");
  list.push_back({"/data_batch_1.bin", "", AE_IFLNK, "/etc/passwd"});
  write_tar_gz(archive_, list);
  expect_tiny(read_cifar10_archive(archive_, kTiny, ""));
}

TEST_F(Cifar10Archive, SaysWhatIsWrongInsideTheArchive) {
  Files files = tiny_binary_files();
  files["data_batch_1.bin"][0] = 77;
  write_tar_gz(archive_, entries(files, "x"));
  expect_refused({"cifar-10-binary.tar.gz/data_batch_1.bin", "record 0 has label 77"});
}

TEST_F(Cifar10Archive, OtherFilesAreNoArchive) {
  write_file_atomic(archive_, "<html>404 not found</html>");
  expect_refused({"cannot read it as a tar.gz"});
}

TEST_F(Cifar10Archive, AMissingFileIsAnError) {
  std::filesystem::remove(archive_);
  expect_refused({"cifar-10-binary.tar.gz"});
  expect_refused({"cifar-10-binary.tar.gz"}, md5_);
}

class TarGzLimits : public testing::Test {
 protected:
  void expect_refused(const ArchiveLimits& limits, std::initializer_list<std::string> words) {
    write_tar_gz(archive_, {{"a", std::string(3000, 'a')}, {"b", std::string(2000, 'b')}});
    expect_error(
        [&] {
          read_tar_gz(
              archive_, [](auto, auto) {}, limits);
        },
        ErrorKind::kData, words);
  }
  TempFolder folder_;
  std::filesystem::path archive_ = folder_ / "a.tar.gz";
};

TEST_F(TarGzLimits, BoundOneFile) { expect_refused({.file_bytes = 2999}, {"a unpacks", "2999"}); }
TEST_F(TarGzLimits, BoundAllFiles) { expect_refused({.total_bytes = 4999}, {"b unpacks", "4999"}); }
TEST_F(TarGzLimits, BoundTheEntries) { expect_refused({.entries = 1}, {"more than 1 entries"}); }

}  // namespace
}  // namespace weir
