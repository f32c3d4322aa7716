#include "datasets/image_io.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "datasets/stb.h"

namespace weir {
namespace {

struct Signature {
  std::string_view format, bytes;
  size_t offset = 0;
};

using namespace std::string_view_literals;

// Files that are not read, but often met under the name of one that is.
constexpr std::array kOtherFormats = {
    Signature{"a GIF", "GIF8"},
    Signature{"a WebP picture", "WEBP", 8},
    Signature{"a TIFF", "II*\0"sv},
    Signature{"a TIFF", "MM\0*"sv},
    Signature{"an AVIF or HEIC picture", "ftyp", 4},
    Signature{"a Photoshop file", "8BPS"},
    Signature{"a PDF", "%PDF"},
    Signature{"an SVG drawing", "<svg"},
    Signature{"a web page", "<!DOCTYPE"},
    Signature{"a web page", "<html"},
    Signature{"an XML file", "<?xml"},
    Signature{"a zip archive", "PK\x03\x04"},
    Signature{"a gzip archive", "\x1f\x8b"},
};

std::optional<std::string_view> other_format(std::string_view bytes) {
  for (const Signature& signature : kOtherFormats) {
    if (bytes.size() < signature.offset) continue;
    if (bytes.substr(signature.offset).starts_with(signature.bytes)) return signature.format;
  }
  return std::nullopt;
}

// Does it begin like a picture that is read? Then a failure is damage.
bool known_format(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.starts_with("\xff\xd8") ||
         bytes.starts_with("BM") || bytes.starts_with("P5") || bytes.starts_with("P6");
}

constexpr std::string_view kExpected = "expected PNG, JPEG, BMP or binary PGM or PPM";

[[noreturn]] void fail_to_decode(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) fail(ErrorKind::kData, "{}: the file is empty; {}", name, kExpected);
  if (const auto other = other_format(bytes)) {
    const bool misnamed = has_picture_extension(name);
    fail(ErrorKind::kData, "{}: this is {}{}; {}", name, *other,
         misnamed ? ", although named " + std::filesystem::path(name).extension().string() : "",
         kExpected);
  }
  if (!known_format(bytes)) fail(ErrorKind::kData, "{}: not a picture; {}", name, kExpected);
  fail(ErrorKind::kData, "{}: the picture is damaged or of a rare kind ({})", name,
       stbi_failure_reason());
}

const stbi_uc* as_stb(std::string_view bytes) {
  return reinterpret_cast<const stbi_uc*>(bytes.data());
}

// Before anything is decoded, so that a small file cannot ask for gigabytes of memory.
void check_size(std::string_view bytes, int length, const std::string& name) {
  int width = 0, height = 0, channels = 0;
  if (stbi_info_from_memory(as_stb(bytes), length, &width, &height, &channels) == 0) {
    fail_to_decode(bytes, name);
  }
  const int64_t rows = std::abs(int64_t{height});  // negative in a BMP that begins with the top row
  if (width <= kMaxPictureSide && rows <= kMaxPictureSide) return;
  fail(ErrorKind::kData, "{}: the picture is too large: {} x {} pixels; at most {} x {} are read",
       name, width, rows, kMaxPictureSide, kMaxPictureSide);
}

void append(void* text, void* bytes, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
}

}  // namespace

Picture::Picture(int width_, int height_, int channels_, uint8_t value)
    : width(width_),
      height(height_),
      channels(channels_),
      pixels(static_cast<size_t>(width_) * height_ * channels_, value) {}

bool has_picture_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  constexpr std::array kExtensions = {".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm", ".pnm"};
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

Picture decode_picture(std::string_view bytes, const std::string& name) {
  constexpr int kChannels = 3;
  int width = 0, height = 0, stored_channels = 0;
  const auto length = static_cast<int>(std::min<uint64_t>(bytes.size(), kMaxPictureFile));
  check_size(bytes, length, name);
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(as_stb(bytes), length, &width, &height, &stored_channels, kChannels),
      stbi_image_free);
  if (pixels == nullptr) fail_to_decode(bytes, name);
  Picture picture;
  picture.width = width;
  picture.height = height;
  picture.pixels.assign(pixels.get(), pixels.get() + int64_t{width} * height * kChannels);
  return picture;
}

Picture read_picture(const std::filesystem::path& path) {
  return decode_picture(read_file(path, kMaxPictureFile), path.string());
}

std::string encode_png(const Picture& picture) {
  require(
      picture.width > 0 && picture.height > 0 && (picture.channels == 1 || picture.channels == 3),
      "encode_png: expected a picture of 1 or 3 channels, found {} x {} with {}", picture.width,
      picture.height, picture.channels);
  std::string png;
  const int ok =
      stbi_write_png_to_func(append, &png, picture.width, picture.height, picture.channels,
                             picture.pixels.data(), picture.width * picture.channels);
  if (ok == 0) fail(ErrorKind::kInternal, "encode_png: out of memory");
  return png;
}

void write_png(const std::filesystem::path& path, const Picture& picture) {
  write_file_atomic(path, encode_png(picture));
}

}  // namespace weir
