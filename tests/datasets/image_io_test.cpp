#include "datasets/image_io.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/philox.h"
#include "datasets/stb.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Picture random_picture(int width, int height, int channels) {
  Picture picture(width, height, channels);
  Philox random(3, Purpose::kTest);
  for (uint8_t& value : picture.pixels) value = static_cast<uint8_t>(random.below(256));
  return picture;
}

void append(void* text, void* bytes, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
}

std::string error_of(const std::string& bytes, const std::string& name = "x.png") {
  return testing::message_of([&] { decode_picture(bytes, name); }, ErrorKind::kData);
}

TEST(ImageIo, PngKeepsEveryPixel) {
  const Picture picture = random_picture(7, 5, 3);
  const Picture found = decode_picture(encode_png(picture), "x.png");
  EXPECT_EQ(found.width, 7);
  EXPECT_EQ(found.height, 5);
  EXPECT_EQ(found.channels, 3);
  EXPECT_EQ(found.pixels, picture.pixels);
}

TEST(ImageIo, GreyIsRepeated) {
  const Picture picture = random_picture(3, 4, 1);
  const Picture found = decode_picture(encode_png(picture), "x.png");
  ASSERT_EQ(found.channels, 3);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 3; ++c) EXPECT_EQ(found.at(x, y, c), picture.at(x, y, 0));
    }
  }
}

TEST(ImageIo, AlphaIsDropped) {
  const uint8_t pixels[] = {10, 20, 30, 0, 40, 50, 60, 255};
  std::string png;
  stbi_write_png_to_func(append, &png, 2, 1, 4, pixels, 8);
  EXPECT_THAT(decode_picture(png, "x.png").pixels, ElementsAre(10, 20, 30, 40, 50, 60));
}

TEST(ImageIo, ReadsJpegBmpAndPnm) {
  Picture flat(9, 6);
  for (size_t i = 0; i < flat.pixels.size(); ++i) flat.pixels[i] = i % 3 == 0 ? 200 : 50;
  std::string jpeg, bmp;
  stbi_write_jpg_to_func(append, &jpeg, 9, 6, 3, flat.pixels.data(), 90);
  const Picture from_jpeg = decode_picture(jpeg, "x.jpg");
  ASSERT_EQ(from_jpeg.pixels.size(), flat.pixels.size());
  // One colour has only a DC coefficient: two roundings to whole numbers and a step of 3 at most.
  for (size_t i = 0; i < flat.pixels.size(); ++i) {
    EXPECT_NEAR(from_jpeg.pixels[i], flat.pixels[i], 4);
  }
  const Picture picture = random_picture(5, 3, 3);
  stbi_write_bmp_to_func(append, &bmp, 5, 3, 3, picture.pixels.data());
  EXPECT_EQ(decode_picture(bmp, "x.bmp").pixels, picture.pixels);
  EXPECT_THAT(decode_picture("P6 2 1 255\nabcdef", "x.ppm").pixels,
              ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  EXPECT_THAT(decode_picture("P5 1 2 255\nab", "x.pgm").pixels,
              ElementsAre('a', 'a', 'a', 'b', 'b', 'b'));
}

TEST(ImageIo, SaysWhatAFileIsInstead) {
  EXPECT_THAT(error_of("GIF89a\x01\x00", "cat.png"),
              AllOf(HasSubstr("cat.png"), HasSubstr("a GIF, although named .png")));
  EXPECT_THAT(error_of("GIF89a\x01\x00", "upload"),
              AllOf(HasSubstr("this is a GIF;"), HasSubstr("expected PNG, JPEG")));
  EXPECT_THAT(error_of("RIFF....WEBPVP8 "), HasSubstr("a WebP picture"));
  EXPECT_THAT(error_of("<!DOCTYPE html>"), HasSubstr("a web page"));
  EXPECT_THAT(error_of("hello, this is text"), HasSubstr("not a picture"));
  EXPECT_THAT(error_of(""), HasSubstr("the file is empty"));
}

TEST(ImageIo, RefusesHugePicturesBeforeDecoding) {
  const std::string wide = encode_png(Picture(20000, 1, 1));
  EXPECT_THAT(error_of(wide), AllOf(HasSubstr("too large: 20000 x 1"), HasSubstr("8192")));
  EXPECT_THAT(error_of("P5 2 20000 255\n", "x.pgm"), HasSubstr("too large: 2 x 20000"));
  EXPECT_EQ(decode_picture(encode_png(Picture(8192, 1, 1)), "x.png").width, 8192);
}

// Every beginning of a picture is refused or decoded, never read beyond its end (the sanitizers
// watch), and a short one is an error.
TEST(ImageIo, SurvivesTruncation) {
  const std::string png = encode_png(random_picture(12, 9, 3));
  std::string jpeg;
  stbi_write_jpg_to_func(append, &jpeg, 12, 9, 3, random_picture(12, 9, 3).pixels.data(), 80);
  for (const std::string& file : {png, jpeg}) {
    for (size_t size = 0; size < file.size(); size += 3) {
      // A copy without spare capacity, so that reading too far is seen.
      const std::vector<char> part(file.begin(), file.begin() + static_cast<ptrdiff_t>(size));
      try {
        decode_picture({part.data(), part.size()}, "part");
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kData);
      }
    }
    EXPECT_THAT(error_of(file.substr(0, 40)), HasSubstr("damaged"));
  }
}

TEST(ImageIo, SurvivesFlippedBytes) {
  const std::string png = encode_png(random_picture(12, 9, 3));
  for (size_t i = 0; i < png.size(); ++i) {
    std::string damaged = png;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x5a);
    try {
      const Picture picture = decode_picture(damaged, "x.png");
      EXPECT_EQ(picture.pixels.size(), size_t(picture.width) * picture.height * 3);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kData);
    }
  }
}

TEST(ImageIo, WritesAndReadsFiles) {
  const fs::path path =
      fs::path(::testing::TempDir()) / ("weir_image_io_" + std::to_string(::getpid()) + ".png");
  const Picture picture = random_picture(4, 6, 3);
  write_png(path, picture);
  EXPECT_EQ(read_picture(path).pixels, picture.pixels);
  fs::remove(path);
  EXPECT_THROW(read_picture(path), Error);
}

TEST(ImageIo, KnowsPictureNames) {
  EXPECT_TRUE(has_picture_extension("a/b.PNG"));
  EXPECT_TRUE(has_picture_extension("b.c.jpeg"));
  EXPECT_FALSE(has_picture_extension("png"));
  EXPECT_FALSE(has_picture_extension("notes.txt"));
  EXPECT_FALSE(has_picture_extension(".DS_Store"));
}

TEST(ImageIo, RefusesToEncodeNothing) {
  EXPECT_THROW(encode_png(Picture()), Error);
  EXPECT_THROW(encode_png(Picture(2, 2, 2)), Error);
}

}  // namespace
}  // namespace weir
