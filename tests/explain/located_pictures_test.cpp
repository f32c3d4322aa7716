#include "explain/measure/located_pictures.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/image_planes.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kHeight = 12, kWidth = 9;

const Images& pictures() {
  static const Images images = random_pictures(40, 4, kHeight, kWidth, 21);
  return images;
}

TEST(LocatedPictures, ThePictureLiesInItsBox) {
  for (const Backdrop backdrop : {Backdrop::kGrey, Backdrop::kNoise, Backdrop::kPatches}) {
    const LocatedPictures located =
        pasted_pictures(pictures(), {.canvas = 20, .backdrop = backdrop});
    ASSERT_EQ(located.images.count(), 40);
    EXPECT_EQ(located.images.labels, pictures().labels);
    std::set<std::pair<int, int>> corners;
    for (int i = 0; i < 40; ++i) {
      const ObjectPlace& place = located.places[size_t(i)];
      const Box& box = place.box;
      EXPECT_EQ(place.height, 20);
      EXPECT_EQ(place.width, 20);
      ASSERT_EQ(box.width(), kWidth);
      ASSERT_EQ(box.height(), kHeight);
      ASSERT_TRUE(box.left >= 0 && box.top >= 0 && box.right <= 20 && box.bottom <= 20);
      corners.insert({box.left, box.top});
      const Picture canvas = picture_of(located.images, i), object = picture_of(pictures(), i);
      for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 20; ++x) {
          for (int c = 0; c < 3; ++c) {
            if (box.contains(y, x)) {
              EXPECT_EQ(canvas.at(x, y, c), object.at(x - box.left, y - box.top, c));
            } else if (backdrop == Backdrop::kGrey) {
              EXPECT_EQ(canvas.at(x, y, c), 128);
            }
          }
        }
      }
    }
    EXPECT_GT(corners.size(), 25u);  // of 12 x 9 places
  }
}

// The backdrops differ, the places do not; another seed has others.
TEST(LocatedPictures, AFunctionOfTheSeedAndThePicture) {
  const auto make = [](Backdrop backdrop, uint64_t seed) {
    return pasted_pictures(pictures(), {.canvas = 20, .backdrop = backdrop, .seed = seed});
  };
  const LocatedPictures grey = make(Backdrop::kGrey, 1), noise = make(Backdrop::kNoise, 1),
                        again = make(Backdrop::kNoise, 1), other = make(Backdrop::kNoise, 2);
  EXPECT_EQ(noise.images.pixels, again.images.pixels);
  EXPECT_NE(noise.images.pixels, other.images.pixels);
  int moved = 0;
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(grey.places[i].box, noise.places[i].box);
    moved += noise.places[i].box != other.places[i].box;
  }
  EXPECT_GT(moved, 30);
  // A smaller set is the beginning of a larger one.
  const LocatedPictures first = pasted_pictures(subset(pictures(), std::vector<int>{0, 1}),
                                                {.canvas = 20, .backdrop = Backdrop::kNoise});
  EXPECT_TRUE(std::equal(first.images.pixels.begin(), first.images.pixels.end(),
                         noise.images.pixels.begin()));
}

// Every picture of a class has one colour, so that a patch tells where it came from.
TEST(LocatedPictures, PatchesComeFromOtherClasses) {
  Images flat{.channels = 3, .height = kHeight, .width = kWidth};
  for (int i = 0; i < 8; ++i) {
    append_picture(Picture(kWidth, kHeight, 3, static_cast<uint8_t>(i % 4)), i % 4, flat);
  }
  const LocatedPictures located =
      pasted_pictures(flat, {.canvas = 32, .backdrop = Backdrop::kPatches});
  for (int i = 0; i < 8; ++i) {
    const Picture canvas = picture_of(located.images, i);
    const Box& box = located.places[size_t(i)].box;
    std::set<int> found;
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 32; ++x) {
        if (!box.contains(y, x)) found.insert(canvas.at(x, y, 0));
      }
    }
    EXPECT_FALSE(found.contains(i % 4)) << i;
    EXPECT_GE(found.size(), 2u);
  }
}

TEST(LocatedPictures, NoiseIsUniform) {
  const LocatedPictures located =
      pasted_pictures(pictures(), {.canvas = 64, .backdrop = Backdrop::kNoise});
  double sum = 0;
  for (const uint8_t byte : located.images.pixels) sum += byte;
  // 491,520 bytes with mean 127.5 and standard deviation 73.9.
  EXPECT_NEAR(sum / static_cast<double>(located.images.pixels.size()), 127.5, 4 * 73.9 / 701);
}

TEST(LocatedPictures, ObjectsMayBeResized) {
  const LocatedPictures located = pasted_pictures(pictures(), {.canvas = 12, .object = 8});
  const Box& box = located.places[3].box;
  EXPECT_EQ(box.height(), 8);  // the longer side
  EXPECT_EQ(box.width(), 6);
  EXPECT_EQ(located.images.height, 12);
}

TEST(LocatedPictures, WhatDoesNotFitIsRefused) {
  const auto message = [](const PasteOptions& options) {
    return message_of([&] { pasted_pictures(pictures(), options); });
  };
  EXPECT_THAT(message({.canvas = 11}),
              HasSubstr("a canvas of 12 (the object) to 8192 pixels, found 11"));
  EXPECT_THAT(message({.canvas = 9000}), HasSubstr("found 9000"));
  EXPECT_THAT(message({.canvas = 64, .object = -1}), HasSubstr("at least 1 pixel, found -1"));
  const Images one = subset(pictures(), std::vector<int>{0, 4});  // both of class 0
  EXPECT_THAT(message_of([&] { pasted_pictures(one, {.backdrop = Backdrop::kPatches}); }),
              HasSubstr("all 2 have the same"));
}

// The masks are those of the pictures that training and evaluation use.
TEST(LocatedPictures, ObjectsOfSynth10) {
  const Dataset set = make_synth10({.train = 0, .test = 12, .difficulty = "easy"});
  const std::vector<int> indices{0, 3, 4, 11};
  const LocatedPictures located = located_synth10(indices, {.difficulty = "easy"});
  EXPECT_EQ(located.images.pixels, subset(set.test, indices).pixels);
  EXPECT_EQ(located.images.labels, subset(set.test, indices).labels);
  for (const ObjectPlace& place : located.places) {
    ASSERT_EQ(place.mask.size(), size_t{32} * 32);
    EXPECT_EQ(box_around(place.mask, 32, 32), place.box);
    EXPECT_GT(place.box.area(), 100);
  }
}

}  // namespace
}  // namespace weir::testing
