#include "datasets/sheet.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace weir {
namespace {

using Rgb = std::array<uint8_t, 3>;

// Pictures of 2 x 3 pixels; picture i has the colour (i + 1, 100 + i, 200 + i).
Images numbered(std::vector<int> labels) {
  Images images{.channels = 3, .height = 3, .width = 2};
  for (size_t i = 0; i < labels.size(); ++i) {
    for (int c = 0; c < 3; ++c) {
      images.pixels.insert(images.pixels.end(), 6, static_cast<uint8_t>(100 * c + i + (c == 0)));
    }
  }
  images.labels = std::move(labels);
  return images;
}

struct Found {
  int count = 0, left = 1 << 20, top = 1 << 20, right = 0, bottom = 0;
};

Found find(const Picture& picture, Rgb colour) {
  Found found;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (Rgb{picture.at(x, y, 0), picture.at(x, y, 1), picture.at(x, y, 2)} != colour) continue;
      ++found.count;
      found.left = std::min(found.left, x);
      found.top = std::min(found.top, y);
      found.right = std::max(found.right, x + 1);
      found.bottom = std::max(found.bottom, y + 1);
    }
  }
  return found;
}

Found find_numbered(const Picture& sheet, int i) {
  return find(sheet, {uint8_t(i + 1), uint8_t(100 + i), uint8_t(200 + i)});
}

TEST(Sheet, ShowsTheFirstPicturesOfEveryClassInRows) {
  const Images images = numbered({1, 0, 1, 1, 0});
  const Picture sheet = contact_sheet(images, {"cat", "dog"}, {.per_class = 2, .scale = 4});
  for (int i : {0, 1, 2, 4}) {
    const Found found = find_numbered(sheet, i);
    EXPECT_EQ(found.count, (2 * 4) * (3 * 4)) << i;
    EXPECT_EQ(found.right - found.left, 2 * 4) << i;
    EXPECT_EQ(found.bottom - found.top, 3 * 4) << i;
  }
  EXPECT_EQ(find_numbered(sheet, 3).count, 0) << "a third picture of its class";
  EXPECT_EQ(find_numbered(sheet, 1).top, find_numbered(sheet, 4).top);
  EXPECT_EQ(find_numbered(sheet, 0).top, find_numbered(sheet, 2).top);
  EXPECT_LT(find_numbered(sheet, 1).bottom, find_numbered(sheet, 0).top + 1) << "class 0 first";
  EXPECT_LT(find_numbered(sheet, 1).right, find_numbered(sheet, 4).left + 1);
}

TEST(Sheet, NamesStandLeftOfThePictures) {
  const Images images = numbered({0});
  const Picture sheet = contact_sheet(images, {"gull"}, {.per_class = 1, .scale = 8});
  const int pictures = find_numbered(sheet, 0).left;
  int dark = 0;
  for (int y = 0; y < sheet.height; ++y) {
    for (int x = 0; x < pictures; ++x) dark += sheet.at(x, y, 1) < 100 ? 1 : 0;
  }
  EXPECT_GT(dark, 30);
  const Picture longer = contact_sheet(images, {"herring gull"}, {.per_class = 1, .scale = 8});
  EXPECT_GT(find_numbered(longer, 0).left, pictures);
}

TEST(Sheet, GreyPicturesAreShownGrey) {
  Images images{.channels = 1, .height = 1, .width = 1, .pixels = {77}, .labels = {0}};
  const Picture sheet = contact_sheet(images, {"a"}, {.per_class = 1, .scale = 5});
  EXPECT_GE(find(sheet, {77, 77, 77}).count, 25);
}

TEST(Sheet, RefusesBadOptions) {
  const Images images = numbered({0, 1});
  const auto refused = [&](const std::vector<std::string>& classes, const SheetOptions& options) {
    try {
      contact_sheet(images, classes, options);
    } catch (const Error& error) {
      return error.kind() == ErrorKind::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(refused({"a", "b"}, {.per_class = 0}));
  EXPECT_TRUE(refused({"a", "b"}, {.scale = 0}));
  EXPECT_TRUE(refused({"a", "b"}, {.per_class = 100000}));
  EXPECT_TRUE(refused({"a"}, {})) << "label 1 has no name";
}

}  // namespace
}  // namespace weir
