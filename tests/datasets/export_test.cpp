#include "datasets/export.h"

#include <algorithm>

#include "datasets/cifar10_binary.h"
#include "datasets/image_folder.h"
#include "tests/datasets/cifar10_files.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_error;
using testing_support::kTiny;
using testing_support::random_images;
using testing_support::TempFolder;
using testing_support::tiny_binary_files;
using testing_support::TinyCifar10;

Dataset dataset(Images train, Images test, std::vector<std::string> classes = cifar10_classes()) {
  return {.id = "made-up",
          .classes = std::move(classes),
          .train = std::move(train),
          .test = std::move(test)};
}

TEST(ExportCifarBin, WritesTheFilesOfTheFormat) {
  const TempFolder folder;
  const TinyCifar10 tiny;
  export_dataset(dataset(tiny.train, tiny.test), "cifar-bin", folder / "out");
  for (auto [name, bytes] : tiny_binary_files()) {
    if (name == "batches.meta.txt") bytes.pop_back();  // the published file ends with an empty line
    EXPECT_TRUE(read_file(folder / "out" / name) == bytes) << name;
  }
  testing_support::expect_tiny(read_cifar10_binary(folder / "out", kTiny));
}

TEST(ExportCifarBin, SpreadsAnyCountInOrder) {
  const TempFolder folder;
  const Dataset set = dataset(random_images(13, 3, 32, 32, 4), random_images(2, 3, 32, 32, 4),
                              {"k", "l", "m", "n"});
  export_dataset(set, "cifar-bin", folder / "out");
  const Dataset back = read_cifar10_binary(folder / "out", {.records_per_file = 0, .classes = {}});
  EXPECT_EQ(back.train.pixels, set.train.pixels);
  EXPECT_EQ(back.train.labels, set.train.labels);
  EXPECT_EQ(back.test.pixels, set.test.pixels);
  EXPECT_EQ(back.test.labels, set.test.labels);
  EXPECT_EQ(back.classes, set.classes);
}

// Whatever is exported, it can not come back as the real set.
TEST(ExportCifarBin, AnotherSetIsNotReadAsCifar10) {
  const TempFolder folder;
  export_dataset(
      dataset(random_images(15, 3, 32, 32, 2), random_images(3, 3, 32, 32, 2), {"disc", "square"}),
      "cifar-bin", folder / "out");
  expect_error([&] { read_cifar10_binary(folder / "out", kTiny); }, ErrorKind::kData,
               {"not CIFAR-10"});
}

TEST(ExportCifarBin, RefusesWhatDoesNotFit) {
  const TempFolder folder;
  expect_error(
      [&] {
        export_dataset(dataset(random_images(2, 3, 32, 31), random_images(2, 3, 32, 31)),
                       "cifar-bin", folder / "out");
      },
      ErrorKind::kUsage, {"3x32x31", "use png"});
  expect_error(
      [&] {
        export_dataset(dataset(random_images(2, 3, 32, 32), {}, std::vector<std::string>(11, "c")),
                       "cifar-bin", folder / "out");
      },
      ErrorKind::kUsage, {"at most 10 classes", "has 11"});
  EXPECT_TRUE(fs::is_empty(folder.path()));  // nothing half-written
}

// The pictures of one label, in order.
std::vector<uint8_t> of_label(const Images& images, int label) {
  std::vector<uint8_t> pixels;
  for (int i = 0; i < images.count(); ++i) {
    const auto image = images.image(i);
    if (images.labels[i] == label) pixels.insert(pixels.end(), image.begin(), image.end());
  }
  return pixels;
}

TEST(ExportPng, IsReadBackByTheImageFolder) {
  const TempFolder folder;
  const std::vector<std::string> classes = {"ant", "bee", "cow"};  // sorted: labels stay the same
  const Dataset set =
      dataset(random_images(24, 3, 9, 9, 3), random_images(12, 3, 9, 9, 3), classes);
  export_dataset(set, "png", folder / "out");
  const Dataset back = read_image_folder({.root = folder / "out", .image_size = 9, .cache = false});
  EXPECT_EQ(back.classes, classes);
  EXPECT_EQ(back.train.count(), 24);
  EXPECT_EQ(back.test.count(), 12);
  for (int label = 0; label < 3; ++label) {
    EXPECT_EQ(of_label(back.train, label), of_label(set.train, label));
    EXPECT_EQ(of_label(back.test, label), of_label(set.test, label));
  }
}

TEST(ExportPng, RefusesAClassThatIsNoFolderName) {
  const TempFolder folder;
  for (const char* name : {"a/b", "..", ""}) {
    expect_error(
        [&] {
          export_dataset(
              dataset(random_images(2, 3, 4, 4, 1), random_images(2, 3, 4, 4, 1), {name}), "png",
              folder / "out");
        },
        ErrorKind::kUsage, {"cannot be the name of a folder"});
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Export, LeavesAFilledFolderAlone) {
  const TempFolder folder;
  write_file_atomic(folder / "precious", "x");
  const Dataset set = dataset(random_images(2, 3, 32, 32), random_images(2, 3, 32, 32));
  expect_error([&] { export_dataset(set, "cifar-bin", folder.path()); }, ErrorKind::kUsage,
               {"not empty"});
  EXPECT_EQ(read_file(folder / "precious"), "x");
}

TEST(Export, FillsAnEmptyFolder) {
  const TempFolder folder;
  make_folder(folder / "out");
  const Dataset set = dataset(random_images(5, 3, 32, 32), random_images(2, 3, 32, 32));
  export_dataset(set, "cifar-bin", folder / "out");
  EXPECT_TRUE(fs::exists(folder / "out/test_batch.bin"));
}

TEST(Export, SuggestsTheNearestFormat) {
  const TempFolder folder;
  expect_error([&] { export_dataset({}, "cifar_bin", folder / "out"); }, ErrorKind::kUsage,
               {"unknown format 'cifar_bin'", "did you mean 'cifar-bin'"});
}

}  // namespace
}  // namespace weir
