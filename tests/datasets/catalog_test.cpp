#include "datasets/catalog.h"

#include "datasets/cifar10_location.h"
#include "datasets/image_io.h"
#include "tests/datasets/cifar10_files.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_error;
using testing_support::ScopedVariable;
using testing_support::TempFolder;
using testing_support::tiny_binary_files;
using testing_support::write_files;

// The published sizes, all zero: sparse, so that it takes no room on the disk.
void write_full_size_set(const fs::path& folder) {
  write_files(folder, tiny_binary_files());
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".bin") continue;
    fs::resize_file(entry.path(), 0);
    fs::resize_file(entry.path(), 30'730'000);
  }
}

TEST(Catalog, ListsTheNames) {
  std::vector<std::string_view> names;
  for (const CatalogEntry& entry : dataset_catalog()) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"cifar10", "synth10", "image_folder", "auto"}));
}

TEST(Catalog, SuggestsTheNearestName) {
  expect_error([] { open_dataset({.name = "cifar-10"}); }, ErrorKind::kUsage,
               {"unknown dataset 'cifar-10'", "did you mean 'cifar10'"});
}

TEST(Catalog, CifarIsTheRealSetOrAnError) {
  const TempFolder folder;
  expect_error([&] { open_dataset({.name = "cifar10", .root = folder.path().string()}); },
               ErrorKind::kData,
               {"looked in " + folder.path().string(), "weir data get cifar10",
                "c32a1d4ab5d03f1284b67883e8d87530", "data.name=synth10"});
}

TEST(Catalog, ADamagedSetIsAnErrorEvenForAuto) {
  const TempFolder folder;
  write_files(folder / "cifar-10-batches-bin", tiny_binary_files());
  for (const char* name : {"cifar10", "auto"}) {
    expect_error([&] { open_dataset({.name = name, .root = folder.path().string()}); },
                 ErrorKind::kData, {"data_batch_1.bin", "truncated"});
  }
}

TEST(Catalog, AutoFallsBackAndSaysSo) {
  const TempFolder folder;
  const Dataset set =
      open_dataset({.root = folder.path().string(), .synth10 = {.train = 20, .test = 10}});
  EXPECT_EQ(set.id, "synth10-v1");
  EXPECT_THAT(set.source, testing::HasSubstr("real CIFAR-10 not found"));
  EXPECT_EQ(set.train.count(), 20);
}

TEST(Catalog, AutoTakesTheRealSetWhenItIsThere) {
  const TempFolder folder;
  write_full_size_set(folder / "cifar-10-batches-bin");
  const Dataset set = open_dataset({.root = folder.path().string()});
  EXPECT_EQ(set.id, "cifar10");
  EXPECT_EQ(set.train.count(), 50'000);
  EXPECT_EQ(set.test.count(), 10'000);
}

TEST(Catalog, OpensSynth10WithItsOptions) {
  const Dataset set =
      open_dataset({.name = "synth10", .synth10 = {.train = 30, .test = 10, .difficulty = "easy"}});
  EXPECT_EQ(set.id, "synth10-v1-easy");
  EXPECT_EQ(set.train.count(), 30);
}

TEST(Catalog, OpensAnImageFolderUnderItsName) {
  const TempFolder folder;
  const fs::path root = folder / "my-pets";
  for (const char* name : {"train/cat", "train/dog", "test/cat", "test/dog"}) {
    make_folder(root / name);
    write_png(root / name / "a.png", Picture(8, 8, 3, 100));
  }
  const Dataset set = open_dataset({.name = "image_folder",
                                    .root = root.string(),
                                    .image_folder = {.image_size = 8, .cache = false}});
  EXPECT_EQ(set.id, "my-pets");
  EXPECT_EQ(set.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(set.train.height, 8);
}

TEST(Catalog, AnImageFolderNeedsARoot) {
  expect_error([] { open_dataset({.name = "image_folder"}); }, ErrorKind::kUsage, {"data.root"});
}

TEST(DataRoots, AreTheRootOrTheUsualPlaces) {
  const ScopedVariable data("WEIR_DATA", "/some/where"), home("HOME", "/home/me");
  EXPECT_EQ(data_roots("x"), (std::vector<fs::path>{"x"}));
  EXPECT_EQ(data_roots(""),
            (std::vector<fs::path>{"/some/where", "./data", "/home/me/.cache/weir"}));
  const ScopedVariable none("WEIR_DATA", "");
  EXPECT_EQ(data_roots(""), (std::vector<fs::path>{"./data", "/home/me/.cache/weir"}));
}

class FindCifar10 : public testing::Test {
 protected:
  void expect_found(const std::vector<fs::path>& roots, Cifar10Form form, const fs::path& path) {
    const auto found = find_cifar10(roots);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->form, form);
    EXPECT_EQ(found->path, path);
  }
  TempFolder a_, b_;
};

TEST_F(FindCifar10, TakesTheFirstRootThatHasIt) {
  write_file_atomic(b_ / "cifar-10-binary.tar.gz", "x");
  expect_found({a_.path(), b_.path()}, Cifar10Form::kBinaryArchive, b_ / "cifar-10-binary.tar.gz");
  make_folder(a_ / "cifar-10-batches-py");
  expect_found({a_.path(), b_.path()}, Cifar10Form::kPickleFolder, a_ / "cifar-10-batches-py");
}

TEST_F(FindCifar10, PrefersTheFormsInTheirOrder) {
  for (size_t i = cifar10_forms().size(); i-- > 0;) {
    const auto [form, name] = cifar10_forms()[i];
    const fs::path path = a_ / std::string(name);
    if (path.extension() == ".gz") {
      write_file_atomic(path, "x");
    } else {
      make_folder(path);
    }
    expect_found({a_.path()}, form, path);
  }
}

TEST_F(FindCifar10, ARootMayBeTheSetItself) {
  write_file_atomic(a_ / "data_batch_1.bin", "x");
  expect_found({a_.path()}, Cifar10Form::kBinaryFolder, a_.path());
  write_file_atomic(b_ / "data_batch_1", "x");
  expect_found({b_.path()}, Cifar10Form::kPickleFolder, b_.path());
  write_file_atomic(b_ / "cifar-10-python.tar.gz", "x");
  expect_found({b_ / "cifar-10-python.tar.gz"}, Cifar10Form::kPickleArchive,
               b_ / "cifar-10-python.tar.gz");
}

TEST_F(FindCifar10, FindsNothingInOtherFolders) {
  write_file_atomic(a_ / "cifar-10-batches-bin", "a file, not a folder");
  make_folder(a_ / "cifar-10-binary.tar.gz");
  const std::vector<fs::path> roots = {a_.path(), b_ / "missing"};
  EXPECT_FALSE(find_cifar10(roots).has_value());
}

}  // namespace
}  // namespace weir
