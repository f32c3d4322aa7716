#include "datasets/dataset.h"

#include <algorithm>
#include <functional>

#include "core/base/digest.h"
#include "core/base/error.h"

namespace weir {
namespace {

void update(Digest& digest, const Images& images) {
  digest.update(images.pixels.data(), images.pixels.size());
  std::vector<uint8_t> labels(images.labels.size());
  std::transform(images.labels.begin(), images.labels.end(), labels.begin(),
                 [](int label) { return static_cast<uint8_t>(label); });
  digest.update(labels.data(), labels.size());
}

void check_index(int index, const Images& images) {
  require(index >= 0 && index < images.count(),
          "picture {} is asked for, but the set has pictures 0 to {}", index, images.count() - 1);
}

}  // namespace

std::string fingerprint(const Images& train, const Images& test) {
  Digest digest(DigestKind::kSha256);
  update(digest, train);
  update(digest, test);
  return digest.hex();
}

Images subset(const Images& images, std::span<const int> indices) {
  Images chosen{.channels = images.channels, .height = images.height, .width = images.width};
  chosen.pixels.reserve(indices.size() * static_cast<size_t>(images.image_bytes()));
  chosen.labels.reserve(indices.size());
  for (const int index : indices) {
    check_index(index, images);
    const auto image = images.image(index);
    chosen.pixels.insert(chosen.pixels.end(), image.begin(), image.end());
    chosen.labels.push_back(images.labels[index]);
  }
  return chosen;
}

void keep_only(Images& images, std::span<const int> indices) {
  if (!indices.empty()) {
    check_index(indices.front(), images);
    check_index(indices.back(), images);
  }
  require(std::ranges::adjacent_find(indices, std::greater_equal{}) == indices.end(),
          "the pictures to keep must ascend");
  const auto bytes = static_cast<size_t>(images.image_bytes());
  uint8_t* pixels = images.pixels.data();
  for (size_t i = 0; i < indices.size(); ++i) {
    const auto from = static_cast<size_t>(indices[i]);
    std::copy_n(pixels + from * bytes, from == i ? 0 : bytes, pixels + i * bytes);
    images.labels[i] = images.labels[from];
  }
  images.labels.resize(indices.size());
  images.pixels.resize(indices.size() * bytes);
  // Moving a small rest costs less than the memory that it frees.
  if (images.pixels.size() < images.pixels.capacity() / 2) images.pixels.shrink_to_fit();
}

}  // namespace weir
