#include "core/kernels/uniform.h"

#include <algorithm>
#include <array>

#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"

namespace weir::kernels {
namespace {

// Channels 4g .. 4g + 3 take the Philox block {pixel * groups + g, image, step, purpose}.
void fill_row(const UniformStream& stream, uint32_t pixel, uint32_t image, int channels,
              float* to) {
  const auto groups = static_cast<uint32_t>((channels + 3) / 4);
  const std::array<uint32_t, 2> key{static_cast<uint32_t>(stream.seed),
                                    static_cast<uint32_t>(stream.seed >> 32)};
  const uint32_t purpose = static_cast<uint32_t>(Purpose::kPooling) | stream.layer << 8;
  for (uint32_t g = 0; g < groups; ++g) {
    const PhiloxBlock block = philox4x32({pixel * groups + g, image, stream.step, purpose}, key);
    const int first = static_cast<int>(4 * g), count = std::min(4, channels - first);
    for (int i = 0; i < count; ++i) {
      to[first + i] = unit_float(block[static_cast<size_t>(i)]);
    }
  }
}

}  // namespace

void fill_uniform(const UniformStream& stream, Tensor& images) {
  const int64_t pixels = int64_t{images.h()} * images.w();
  const int rows = images.block();
  parallel_for(images.blocks() * pixels, [&](int64_t item) {
    const int nb = static_cast<int>(item / pixels);
    const int64_t pixel = item % pixels;
    float* panel = images.data() + item * images.panel_size();
    for (int row = 0; row < rows; ++row) {
      fill_row(stream, static_cast<uint32_t>(pixel), static_cast<uint32_t>(nb * rows + row),
               images.c(), panel + int64_t{row} * images.c());
    }
  });
}

}  // namespace weir::kernels
