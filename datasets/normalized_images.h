// Pictures as the network wants to see them: floats, read a row at a time.
#pragma once

#include <optional>
#include <vector>

#include "datasets/mapped_bytes.h"

namespace weir {

// What a Loader reads. Reading is safe from many threads at once. Normalizer::apply makes one.
class NormalizedImages {
 public:
  virtual ~NormalizedImages() = default;
  virtual int count() const = 0;
  virtual int channels() const = 0;
  virtual int height() const = 0;
  virtual int width() const = 0;
  virtual int label(int image) const = 0;
  // Writes the width() values of one row of one channel.
  virtual void row(int image, int channel, int y, float* out) const = 0;

  // The stored bytes, where there are any: row() without its cost. Valid while this object lives.
  virtual std::optional<MappedBytes> mapped_bytes() const { return std::nullopt; }

  // One whole picture, row-major (channels, height, width).
  std::vector<float> image(int i) const;
};

}  // namespace weir
