#include "core/kernels/mirror.h"

namespace weir::kernels {

AxisSources reflected_sources(int in, int before, int after) {
  AxisSources sources;
  for (int i = -before; i < in + after; ++i) {
    const int inside = i < 0 ? -i : i;
    sources.push_back(inside < in ? inside : 2 * (in - 1) - inside);
  }
  return sources;
}

}  // namespace weir::kernels
