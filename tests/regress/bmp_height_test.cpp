// A BMP that begins with its top row has a negative height, which passed the check of the size: a
// file of 54 bytes could then ask for gigabytes of memory.
#include <cstdint>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/image_io.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

// A file header and a BITMAPINFOHEADER for 24 bits a pixel, then three bytes for each pixel.
std::string bmp(int32_t width, int32_t height, const std::string& pixels) {
  constexpr uint32_t kHeaders = 54, kInfo = 40;
  std::string bytes(kHeaders, '\0');
  const auto put = [&](size_t at, auto value) { std::memcpy(&bytes[at], &value, sizeof(value)); };
  bytes[0] = 'B';
  bytes[1] = 'M';
  put(10, kHeaders);
  put(14, kInfo);
  put(18, width);
  put(22, height);
  put(26, uint16_t{1});   // planes
  put(28, uint16_t{24});  // bits a pixel
  return bytes + pixels;
}

TEST(BmpHeight, ATallPictureFromTheTopIsRefusedBeforeItIsDecoded) {
  const std::string tall = bmp(8000, -80000, "");
  EXPECT_THAT(testing::message_of([&] { decode_picture(tall, "x.bmp"); }, ErrorKind::kData),
              ::testing::HasSubstr("too large: 8000 x 80000"));
}

// Rows are padded to four bytes; colours are stored blue, green, red.
TEST(BmpHeight, ASmallPictureFromTheTopIsRead) {
  const std::string rows("\x01\x02\x03\x00\x04\x05\x06\x00", 8);
  const Picture from_top = decode_picture(bmp(1, -2, rows), "x.bmp");
  ASSERT_EQ(from_top.width, 1);
  ASSERT_EQ(from_top.height, 2);
  EXPECT_THAT(from_top.pixels, ::testing::ElementsAre(3, 2, 1, 6, 5, 4));
  const Picture from_bottom = decode_picture(bmp(1, 2, rows), "x.bmp");
  EXPECT_THAT(from_bottom.pixels, ::testing::ElementsAre(6, 5, 4, 3, 2, 1));
}

}  // namespace
}  // namespace weir
