#include "core/kernels/pool/winner_index.h"

#include <vector>

#include "core/kernels/for_rows.h"

namespace weir::kernels {
namespace {

// How far the tap's pixel is from that of tap 0, for each tap of a window.
std::vector<int32_t> tap_offsets(const PoolGeometry& g) {
  std::vector<int32_t> offsets;
  for (int ty = 0; ty < g.y.kernel(); ++ty) {
    for (int tx = 0; tx < g.x.kernel(); ++tx) {
      offsets.push_back(ty * g.y.step() * g.x.in() + tx * g.x.step());
    }
  }
  return offsets;
}

// Where tap 0 lies; it may be in the padding.
int origin(const PoolAxis& axis, int output) {
  const PoolSpan& span = axis.span(output);
  return span.first_input - span.first_tap * axis.step();
}

template <class Winner>
void fill_row(const PoolGeometry& g, const std::vector<int32_t>& offsets, const Tensor& winners,
              int nb, int oy, Tensor& indices) {
  const int64_t panel = winners.panel_size();
  const int32_t* offset = offsets.data();
  for (int ox = 0; ox < g.x.out(); ++ox) {
    const int32_t first = origin(g.y, oy) * g.x.in() + origin(g.x, ox);
    const Winner* from = winners.panel<Winner>(nb, oy, ox);
    int32_t* to = indices.panel<int32_t>(nb, oy, ox);
    for (int64_t i = 0; i < panel; ++i) to[i] = first + offset[from[i]];
  }
}

}  // namespace

Tensor winner_index(const PoolGeometry& geometry, const Tensor& winners) {
  Tensor indices = Tensor::like(winners, DType::kI32);
  const std::vector<int32_t> offsets = tap_offsets(geometry);
  for_rows(winners, [&](int nb, int oy) {
    if (winners.dtype() == DType::kU8) {
      fill_row<uint8_t>(geometry, offsets, winners, nb, oy, indices);
    } else {
      fill_row<int32_t>(geometry, offsets, winners, nb, oy, indices);
    }
  });
  return indices;
}

}  // namespace weir::kernels
