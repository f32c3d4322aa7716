#include "datasets/dataset.h"

#include <algorithm>

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
    require(index >= 0 && index < images.count(),
            "picture {} is asked for, but the set has pictures 0 to {}", index, images.count() - 1);
    const auto image = images.image(index);
    chosen.pixels.insert(chosen.pixels.end(), image.begin(), image.end());
    chosen.labels.push_back(images.labels[index]);
  }
  return chosen;
}

}  // namespace weir
