// Pictures in memory and in files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// 8 bits a channel; pixels: row-major (height, width, channels).
struct Picture {
  int width = 0, height = 0, channels = 3;
  std::vector<uint8_t> pixels;

  Picture() = default;
  Picture(int width, int height, int channels = 3, uint8_t value = 0);
  uint8_t& at(int x, int y, int channel) { return pixels[index(x, y, channel)]; }
  uint8_t at(int x, int y, int channel) const { return pixels[index(x, y, channel)]; }

 private:
  size_t index(int x, int y, int channel) const {
    return (static_cast<size_t>(y) * width + x) * channels + channel;
  }
};

inline constexpr int kMaxPictureSide = 8192;
inline constexpr uint64_t kMaxPictureFile = uint64_t{64} << 20;  // bytes

// Is the file named like a picture that can be read: .png, .jpg, .jpeg, .bmp, .ppm, .pgm, .pnm?
bool has_picture_extension(const std::filesystem::path& path);

// A PNG, JPEG, BMP or binary PGM or PPM file as RGB: grey is repeated, alpha is dropped, 16 bits
// become 8. Throws kData with `name` in front and what is wrong: what the bytes are instead of a
// picture, damage, or a side above kMaxPictureSide.
Picture decode_picture(std::string_view bytes, const std::string& name);
Picture read_picture(const std::filesystem::path& path);

// Picture with 1 (grey) or 3 channels to PNG.
std::string encode_png(const Picture& picture);
void write_png(const std::filesystem::path& path, const Picture& picture);  // atomic

}  // namespace weir
