#include "datasets/mapped_images.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

class ImagesBase : public NormalizedImages {
 public:
  explicit ImagesBase(Images images) : images_(std::move(images)) {}
  int count() const override { return images_.count(); }
  int channels() const override { return images_.channels; }
  int height() const override { return images_.height; }
  int width() const override { return images_.width; }
  int label(int image) const override { return images_.labels[static_cast<size_t>(image)]; }

 protected:
  // Where a row starts, in values from the first picture's first.
  int64_t offset(int image, int channel, int y) const {
    return ((int64_t{image} * channels() + channel) * height() + y) * width();
  }
  Images images_;
};

enum class MapPer { kChannel, kPicture };

template <MapPer kPer>
class ByteImages final : public ImagesBase {
 public:
  ByteImages(Images images, std::vector<ByteMap> maps)
      : ImagesBase(std::move(images)), maps_(std::move(maps)) {}
  void row(int image, int channel, int y, float* out) const override {
    const ByteMap map = maps_[static_cast<size_t>(kPer == MapPer::kChannel ? channel : image)];
    const uint8_t* bytes = images_.pixels.data() + offset(image, channel, y);
    std::transform(bytes, bytes + images_.width, out, map);
  }
  std::optional<MappedBytes> mapped_bytes() const override {
    return MappedBytes{images_.pixels, maps_, kPer == MapPer::kPicture};
  }

 private:
  std::vector<ByteMap> maps_;
};

class FloatImages final : public ImagesBase {
 public:
  FloatImages(Images images, std::vector<float> values)
      : ImagesBase(std::move(images)), values_(std::move(values)) {
    images_.pixels = {};
  }
  void row(int image, int channel, int y, float* out) const override {
    std::copy_n(values_.data() + offset(image, channel, y), images_.width, out);
  }

 private:
  std::vector<float> values_;
};

}  // namespace

std::unique_ptr<NormalizedImages> map_each_channel(Images images, std::vector<ByteMap> maps) {
  return std::make_unique<ByteImages<MapPer::kChannel>>(std::move(images), std::move(maps));
}

std::unique_ptr<NormalizedImages> map_each_picture(Images images, std::vector<ByteMap> maps) {
  return std::make_unique<ByteImages<MapPer::kPicture>>(std::move(images), std::move(maps));
}

std::unique_ptr<NormalizedImages> hold_values(Images images, std::vector<float> values) {
  return std::make_unique<FloatImages>(std::move(images), std::move(values));
}

}  // namespace weir
