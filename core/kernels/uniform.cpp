#include "core/kernels/uniform.h"

#include "core/runtime/parallel.h"

namespace weir::kernels {

void fill_uniform(const UniformStream& stream, Tensor& images) {
  const int64_t pixels = int64_t{images.h()} * images.w();
  const int rows = images.block();
  parallel_for(images.blocks() * pixels, [&](int64_t item) {
    const int nb = static_cast<int>(item / pixels);
    const int64_t pixel = item % pixels;
    float* panel = images.data() + item * images.panel_size();
    for (int row = 0; row < rows; ++row) {
      fill_uniform_pixel(stream, static_cast<uint32_t>(pixel),
                         static_cast<uint32_t>(nb * rows + row),
                         {panel + int64_t{row} * images.c(), static_cast<size_t>(images.c())});
    }
  });
}

}  // namespace weir::kernels
