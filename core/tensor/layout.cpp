#include "core/tensor/layout.h"

#include <algorithm>

#include "core/runtime/parallel.h"

namespace weir {
namespace {

// Calls visit(index in NCHW, pointer into the block) for every live element of block nb.
template <class T, class Images, class Visit>
void for_live_elements(Images& images, int nb, Visit visit) {
  const int64_t c = images.c(), h = images.h(), w = images.w();
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      auto* panel = images.template panel<T>(nb, y, x);
      for (int row = 0; row < images.live_rows(nb); ++row) {
        const int64_t image = int64_t{nb} * images.block() + row;
        for (int64_t channel = 0; channel < c; ++channel) {
          visit(((image * c + channel) * h + y) * w + x, panel + row * c + channel);
        }
      }
    }
  }
}

}  // namespace

Tensor images_from_nchw(const float* values, int n, int c, int h, int w) {
  Tensor images = Tensor::images(n, c, h, w);
  parallel_for(images.blocks(), [&](int64_t nb) {
    for_live_elements<float>(images, static_cast<int>(nb),
                             [&](int64_t index, float* at) { *at = values[index]; });
  });
  clear_padded_rows(images);
  return images;
}

std::vector<float> nchw_from_images(const Tensor& images) {
  std::vector<float> values(static_cast<size_t>(images.numel()));
  with_storage(images.dtype(), [&]<class T>(T) {
    parallel_for(images.blocks(), [&](int64_t nb) {
      for_live_elements<T>(images, static_cast<int>(nb), [&](int64_t index, const T* at) {
        values[static_cast<size_t>(index)] = to_float(*at);
      });
    });
  });
  return values;
}

void clear_padded_rows(Tensor& images) {
  const int last = images.blocks() - 1, live = images.live_rows(last);
  if (live == images.block()) return;
  with_storage(images.dtype(), [&]<class T>(T zero) {
    for (int y = 0; y < images.h(); ++y) {
      for (int x = 0; x < images.w(); ++x) {
        T* panel = images.panel<T>(last, y, x);
        std::fill(panel + int64_t{live} * images.c(), panel + images.panel_size(), zero);
      }
    }
  });
}

}  // namespace weir
