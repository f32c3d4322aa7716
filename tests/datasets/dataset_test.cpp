#include "datasets/dataset.h"

#include "core/base/digest.h"
#include "tests/datasets/expect_error.h"

namespace weir {
namespace {

using testing_support::expect_error;

// `labels.size()` pictures of 1x2x1, filled with `first`, first + 1, ...
Images small(uint8_t first, std::vector<int> labels) {
  Images images{.channels = 1, .height = 2, .width = 1, .labels = std::move(labels)};
  for (int i = 0; i < 2 * images.count(); ++i) images.pixels.push_back(uint8_t(first + i));
  return images;
}

TEST(Fingerprint, IsTheShaOfPixelsAndLabelsInOrder) {
  const std::string bytes = {10, 11, 12, 13, 4, 9, 20, 21, 7};
  EXPECT_EQ(fingerprint(small(10, {4, 9}), small(20, {7})), sha256_hex(bytes));
}

TEST(Fingerprint, SeesEveryPart) {
  const std::string base = fingerprint(small(10, {4, 9}), small(20, {7}));
  EXPECT_NE(fingerprint(small(11, {4, 9}), small(20, {7})), base);
  EXPECT_NE(fingerprint(small(10, {9, 4}), small(20, {7})), base);
  EXPECT_NE(fingerprint(small(10, {4, 9}), small(20, {8})), base);
}

TEST(Subset, TakesPicturesInTheGivenOrder) {
  const std::vector<int> indices = {2, 0, 2};
  const Images chosen = subset(small(10, {4, 9, 1}), indices);
  EXPECT_EQ(chosen.labels, (std::vector<int>{1, 4, 1}));
  EXPECT_EQ(chosen.pixels, (std::vector<uint8_t>{14, 15, 10, 11, 14, 15}));
  EXPECT_EQ(chosen.channels, 1);
  EXPECT_EQ(chosen.height, 2);
  EXPECT_EQ(chosen.width, 1);
}

TEST(Subset, RefusesAPictureOutsideTheSet) {
  const std::vector<int> indices = {0, 3};
  expect_error(
      [&] {
        subset(small(10, {4, 9, 1}), indices);
      },
      ErrorKind::kUsage, {"picture 3", "0 to 2"});
}

TEST(KeepOnly, IsSubsetInPlace) {
  for (const std::vector<int>& indices : {std::vector<int>{0, 2, 3}, {1}, {0, 1, 2, 3}, {}}) {
    Images images = small(10, {4, 9, 1, 7});
    const Images expected = subset(images, indices);
    keep_only(images, indices);
    EXPECT_EQ(images.labels, expected.labels);
    EXPECT_EQ(images.pixels, expected.pixels);
  }
}

TEST(KeepOnly, GivesTheMemoryOfASmallRestBack) {
  Images images = small(0, std::vector<int>(100));
  keep_only(images, std::vector<int>{50});
  EXPECT_LT(images.pixels.capacity(), 100u);
}

TEST(KeepOnly, RefusesWhatIsOutsideOrDoesNotAscend) {
  Images images = small(10, {4, 9, 1});
  expect_error(
      [&] {
        keep_only(images, std::vector<int>{0, 3});
      },
      ErrorKind::kUsage, {"picture 3", "0 to 2"});
  expect_error([&] { keep_only(images, std::vector<int>{1, 1}); }, ErrorKind::kUsage, {"ascend"});
  EXPECT_EQ(images.count(), 3);
}

}  // namespace
}  // namespace weir
