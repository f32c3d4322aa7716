// Which random numbers one layer gets in one training step: a pure function of their address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/runtime/philox.h"

namespace weir::kernels {

struct UniformStream {
  uint64_t seed = 0;
  uint32_t step = 0;
  uint32_t layer = 0;  // below 2^24
};

// Four random words for each (a, b) of a purpose.
constexpr PhiloxBlock uniform_words(const UniformStream& stream, Purpose purpose, uint32_t a,
                                    uint32_t b) {
  return philox4x32({a, b, stream.step, static_cast<uint32_t>(purpose) | stream.layer << 8},
                    {static_cast<uint32_t>(stream.seed), static_cast<uint32_t>(stream.seed >> 32)});
}

// The numbers from 0 to below 1, multiples of 2^-24, of the channels of one pixel of one image.
// Channels 4g .. 4g + 3 share the words at (pixel * groups + g, image).
constexpr void fill_uniform_pixel(const UniformStream& stream, uint32_t pixel, uint32_t image,
                                  std::span<float> channels) {
  const auto groups = static_cast<uint32_t>((channels.size() + 3) / 4);
  for (uint32_t g = 0; g < groups; ++g) {
    const PhiloxBlock words = uniform_words(stream, Purpose::kPooling, pixel * groups + g, image);
    for (size_t i = 0; i < 4 && 4 * g + i < channels.size(); ++i) {
      channels[4 * g + i] = unit_float(words[i]);
    }
  }
}

}  // namespace weir::kernels
