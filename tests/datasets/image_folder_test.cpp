#include "datasets/image_folder.h"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/runtime/parallel.h"
#include "datasets/image_io.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A fresh folder for every test; the cache is kept out of the user's.
class ImageFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(base_);
    fs::create_directories(root_);
    ::setenv("WEIR_CACHE", (base_ / "cache").c_str(), 1);
    set_log_file(base_ / "log.txt");
  }
  void TearDown() override {
    set_log_file("");
    ::unsetenv("WEIR_CACHE");
    fs::remove_all(base_);
  }

  // A picture of one grey value; uncompressed, so that another value gives a file of the same size.
  void add(const std::string& name, int value, int width = 2, int height = 2) {
    write(name, fmt::format("P5 {} {} 255\n", width, height) +
                    std::string(static_cast<size_t>(width) * height, static_cast<char>(value)));
  }
  void write(const std::string& name, const std::string& bytes) {
    fs::create_directories((root_ / name).parent_path());
    write_file_atomic(root_ / name, bytes);
  }
  ImageFolderOptions options(int image_size = 2) const {
    return {.root = root_, .image_size = image_size};
  }
  std::string error(const ImageFolderOptions& options, ErrorKind kind = ErrorKind::kData) const {
    return testing::message_of([&] { read_image_folder(options); }, kind);
  }
  std::string error() const { return error(options()); }
  std::string log() const { return read_file(base_ / "log.txt"); }
  fs::path only_cache_file() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(base_ / "cache" / "folders")) {
      files.push_back(entry.path());
    }
    EXPECT_EQ(files.size(), 1u);
    return files.at(0);
  }

  const fs::path base_ =
      fs::path(::testing::TempDir()) / ("weir_image_folder_" + std::to_string(::getpid()));
  const fs::path root_ = base_ / "pets";
};

TEST_F(ImageFolder, ReadsTrainAndTestInTheOrderOfTheirNames) {
  add("train/dog/b.pgm", 4);
  add("train/dog/a.pgm", 3);
  add("train/cat/z.pgm", 1);
  add("test/dog/q.pgm", 6);
  add("test/cat/q.pgm", 5);
  const Dataset dataset = read_image_folder(options());
  EXPECT_EQ(dataset.id, "pets");
  EXPECT_EQ(dataset.source, root_.string());
  EXPECT_THAT(dataset.classes, ElementsAre("cat", "dog"));
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(dataset.test.labels, ElementsAre(0, 1));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(dataset.train.image(i), Each(i == 0 ? 1 : i + 2));
  EXPECT_THAT(dataset.test.image(1), Each(6));
  EXPECT_EQ(dataset.sha256, fingerprint(dataset.train, dataset.test));
}

TEST_F(ImageFolder, StoresChannelsAsPlanes) {
  write("train/a/1.ppm", "P6 2 1 255\nRGBrgb");
  add("train/b/1.pgm", 1, 2, 1);
  add("test/a/1.pgm", 1, 2, 1);
  add("test/b/1.pgm", 1, 2, 1);
  const Dataset dataset = read_image_folder(options());
  EXPECT_THAT(dataset.train.image(0),
              ElementsAre('R', 'r', 'R', 'r', 'G', 'g', 'G', 'g', 'B', 'b', 'B', 'b'));
}

TEST_F(ImageFolder, SplitsEveryClassBySeed) {
  for (int i = 0; i < 20; ++i) add(fmt::format("a/{:02}.pgm", i), i);
  for (int i = 0; i < 10; ++i) add(fmt::format("b/{:02}.pgm", i), 100 + i);
  ImageFolderOptions fifth = options();
  fifth.test_split = 0.2;
  const Dataset dataset = read_image_folder(fifth);
  EXPECT_THAT(dataset.test.labels, ElementsAre(0, 0, 0, 0, 1, 1));
  std::set<int> seen;
  for (const Images* images : {&dataset.train, &dataset.test}) {
    for (int i = 0; i < images->count(); ++i) seen.insert(images->image(i)[0]);
  }
  EXPECT_EQ(seen.size(), 30u) << "every picture is in one of the two";
  EXPECT_EQ(read_image_folder(fifth).sha256, dataset.sha256);
  fifth.seed = 1;
  EXPECT_NE(read_image_folder(fifth).sha256, dataset.sha256);
}

TEST_F(ImageFolder, ResizesWithTheChosenMethod) {
  for (const char* name : {"train/a/1.pgm", "train/b/1.pgm", "test/a/1.pgm", "test/b/1.pgm"}) {
    write(name, std::string("P5 2 2 255\n") + '\x0a' + '\x14' + '\x1e' + '\x28');
  }
  ImageFolderOptions one = options(1);
  EXPECT_EQ(read_image_folder(one).train.image(0)[0], 25);  // the mean of 10, 20, 30, 40
  one.resize = "nearest";
  EXPECT_EQ(read_image_folder(one).train.image(0)[0], 40);
}

TEST_F(ImageFolder, CountsSkippedFiles) {
  for (const char* name : {"a/1.pgm", "a/2.pgm", "b/1.pgm", "b/2.pgm"}) add(name, 1);
  write("a/notes.txt", "x");
  write("a/.DS_Store", "x");
  write("b/clip.gif", "GIF89a");
  ImageFolderOptions half = options();
  half.test_split = 0.5;
  EXPECT_EQ(read_image_folder(half).train.count(), 2);
  EXPECT_THAT(log(), HasSubstr("3 files were skipped"));
}

TEST_F(ImageFolder, MissingRootSaysWhatIsExpected) {
  fs::remove(root_);
  EXPECT_THAT(error(), AllOf(HasSubstr("no such folder"), HasSubstr("<class>")));
  write_file_atomic(root_, "a file");
  EXPECT_THAT(error(), HasSubstr("not a folder"));
}

TEST_F(ImageFolder, NeedsTwoClasses) {
  EXPECT_THAT(error(), HasSubstr("no class folders"));
  add("cat/1.pgm", 1);
  EXPECT_THAT(error(), AllOf(HasSubstr("only the class 'cat'"), HasSubstr("at least 2")));
}

TEST_F(ImageFolder, ReportsEveryEmptyClass) {
  add("a/1.pgm", 1);
  write("b/notes.txt", "x");
  fs::create_directories(root_ / "c");
  EXPECT_THAT(error(), AllOf(HasSubstr("2 problems"), HasSubstr("class 'b' is empty"),
                             HasSubstr("class 'c' is empty")));
}

TEST_F(ImageFolder, TrainAndTestMustAgree) {
  add("train/a/1.pgm", 1);
  add("train/b/1.pgm", 1);
  EXPECT_THAT(error(), HasSubstr("there is train/, but no test/"));
  add("test/a/1.pgm", 1);
  add("test/c/1.pgm", 1);
  EXPECT_THAT(error(), AllOf(HasSubstr("only in train: b"), HasSubstr("only in test: c")));
}

TEST_F(ImageFolder, ReportsEveryUnreadablePicture) {
  add("a/fine.pgm", 1);
  write("a/moving.png", "GIF89a....");
  write("a/torn.png", encode_png(Picture(9, 9)).substr(0, 50));
  write("b/wide.png", encode_png(Picture(20000, 1)));
  write("b/empty.jpg", "");
  EXPECT_THAT(error(), AllOf(HasSubstr("4 problems"), HasSubstr("a GIF, although named .png"),
                             HasSubstr("torn.png: the picture is damaged"),
                             HasSubstr("too large: 20000 x 1"), HasSubstr("the file is empty")));
  EXPECT_FALSE(fs::exists(base_ / "cache")) << "nothing half-read may be cached";
}

TEST_F(ImageFolder, ListsTwentyProblemsAndCountsTheRest) {
  for (int i = 0; i < 33; ++i) write(fmt::format("a/{:02}.png", i), "no picture");
  add("b/1.pgm", 1);
  EXPECT_THAT(error(), AllOf(HasSubstr("33 problems"), HasSubstr("19.png"),
                             Not(HasSubstr("20.png")), HasSubstr("and 13 more")));
}

TEST_F(ImageFolder, ASplitNeedsEnoughPictures) {
  add("a/1.pgm", 1);
  add("b/1.pgm", 1);
  EXPECT_THAT(error(), AllOf(HasSubstr("2 pictures"), HasSubstr("0 for the test")));
}

TEST_F(ImageFolder, RefusesBadOptions) {
  add("a/1.pgm", 1);
  add("b/1.pgm", 1);
  EXPECT_THAT(error({.root = root_, .image_size = 0}, ErrorKind::kUsage), HasSubstr("image_size"));
  EXPECT_THAT(error({.root = root_, .resize = "are"}, ErrorKind::kUsage), HasSubstr("'area'"));
  EXPECT_THAT(error({.root = root_, .test_split = 1}, ErrorKind::kUsage), HasSubstr("test_split"));
}

// Pictures of value 1 in train/a, one in each of the other folders.
class ImageFolderCache : public ImageFolder {
 protected:
  void SetUp() override {
    ImageFolder::SetUp();
    for (const char* name : {kPicture, "train/b/1.pgm", "test/a/1.pgm", "test/b/1.pgm"}) {
      add(name, 1);
    }
    EXPECT_EQ(first_value(), 1);
  }
  int first_value() const { return read_image_folder(options()).train.image(0)[0]; }

  static constexpr const char* kPicture = "train/a/1.pgm";
};

TEST_F(ImageFolderCache, IsUsedUntilAFileChanges) {
  const auto changed = fs::last_write_time(root_ / kPicture);
  add(kPicture, 9);
  fs::last_write_time(root_ / kPicture, changed);
  EXPECT_EQ(first_value(), 1) << "same name, size and time: not decoded again";
  fs::last_write_time(root_ / kPicture, changed + std::chrono::seconds(5));
  EXPECT_EQ(first_value(), 9);
  only_cache_file();  // the old one is replaced
}

TEST_F(ImageFolderCache, NoticesNewPicturesAndOtherOptions) {
  add("train/a/0.pgm", 7);
  EXPECT_EQ(first_value(), 7);
  EXPECT_EQ(read_image_folder(options(3)).train.image_bytes(), 27);
}

TEST_F(ImageFolderCache, DamageIsNoticed) {
  const fs::path file = only_cache_file();
  const std::string intact = read_file(file);
  std::string flipped = intact;
  flipped[intact.size() - 3] ^= 1;
  for (const std::string& damaged :
       {flipped, intact.substr(0, intact.size() - 1), intact.substr(0, 100), intact + "x"}) {
    write_file_atomic(file, damaged);
    EXPECT_EQ(first_value(), 1);
    EXPECT_EQ(read_file(file), intact) << "rebuilt";
  }
  EXPECT_THAT(log(), HasSubstr("is damaged; the pictures are decoded again"));
}

TEST_F(ImageFolderCache, CanBeTurnedOffOrImpossible) {
  fs::remove_all(base_ / "cache");
  ImageFolderOptions without = options();
  without.cache = false;
  read_image_folder(without);
  EXPECT_FALSE(fs::exists(base_ / "cache"));
  write_file_atomic(base_ / "cache", "a file where the folder should be");
  EXPECT_EQ(first_value(), 1);
  EXPECT_THAT(log(), HasSubstr("not cached"));
}

TEST_F(ImageFolder, ThreadsDoNotChangeABit) {
  for (int i = 0; i < 50; ++i) {
    add(fmt::format("a/{:02}.pgm", i), i, 3 + i % 5, 4);
    add(fmt::format("b/{:02}.pgm", i), 90 + i, 5, 3 + i % 7);
  }
  ImageFolderOptions plain = options(3);
  plain.cache = false;
  const int before = threads();
  set_threads(1);
  const std::string one = read_image_folder(plain).sha256;
  set_threads(3);
  const std::string three = read_image_folder(plain).sha256;
  set_threads(before);
  EXPECT_EQ(one, three);
}

}  // namespace
}  // namespace weir
