// Pooling on row-major NCHW numbers in double, written from PyTorch's definition. Shares nothing
// with the library: its own output size, its own indices.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

namespace weir::testing {

struct OracleAxis {
  int in, kernel, stride, pad, dilation;
  bool ceil_mode;

  // Windows start every `stride` cells of the padded input. Without ceil_mode each lies inside it;
  // with it, windows go on until one reaches the end, but none starts in the padding behind.
  int out() const {
    const int padded = in + 2 * pad, extent = (kernel - 1) * dilation + 1;
    int count = 0;
    if (ceil_mode) {
      for (int start = 0; start < in + pad; start += stride) {
        ++count;
        if (start + extent >= padded) break;
      }
    } else {
      for (int start = 0; start + extent <= padded; start += stride) ++count;
    }
    return count;
  }
};

struct OraclePool {
  OracleAxis y, x;
  bool max = true;
  bool count_include_pad = true;
  int divisor = 0;  // 0: by the rule
};

struct OraclePlane {
  std::vector<double> y, dx;
};

// One channel of one image: outputs, and dx for the given dy.
inline OraclePlane pool_plane(const OraclePool& pool, const float* x, const float* dy) {
  const int oh = pool.y.out(), ow = pool.x.out();
  OraclePlane plane{{}, std::vector<double>(static_cast<size_t>(pool.y.in * pool.x.in))};
  for (int oy = 0; oy < oh; ++oy) {
    for (int ox = 0; ox < ow; ++ox) {
      std::vector<int> members;
      int area = 0;
      for (int ky = 0; ky < pool.y.kernel; ++ky) {
        for (int kx = 0; kx < pool.x.kernel; ++kx) {
          const int iy = oy * pool.y.stride - pool.y.pad + ky * pool.y.dilation;
          const int ix = ox * pool.x.stride - pool.x.pad + kx * pool.x.dilation;
          if (iy < pool.y.in + pool.y.pad && ix < pool.x.in + pool.x.pad) ++area;
          if (iy < 0 || ix < 0 || iy >= pool.y.in || ix >= pool.x.in) continue;
          members.push_back(iy * pool.x.in + ix);
        }
      }
      const double upstream = dy[oy * ow + ox];
      if (pool.max) {
        double best = -std::numeric_limits<double>::infinity();
        int winner = members.empty() ? -1 : members[0];
        for (const int at : members) {
          if (double{x[at]} > best || std::isnan(x[at])) {
            best = x[at];
            winner = at;
          }
        }
        plane.y.push_back(best);
        if (winner >= 0) plane.dx[static_cast<size_t>(winner)] += upstream;
      } else {
        const double by = pool.divisor > 0         ? pool.divisor
                          : pool.count_include_pad ? area
                                                   : static_cast<double>(members.size());
        double sum = 0;
        for (const int at : members) {
          sum += x[at];
          plane.dx[static_cast<size_t>(at)] += upstream / by;
        }
        plane.y.push_back(sum / by);
      }
    }
  }
  return plane;
}

}  // namespace weir::testing
