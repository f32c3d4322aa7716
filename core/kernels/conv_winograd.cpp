// Convolution by Winograd's minimal filtering: 3x3 kernels at stride 1. A tile of every image of a
// block is transformed at once, so that each frequency is one product of panels, with M = tiles *
// B:
//   forward           Y_f = X_f (tiles*B x C) * U_f (C x K)
//   backward data     the same, from dy, with turned and transposed weights
//   backward weights  dU_f = X_f^T (C x tiles*B) * dY_f (tiles*B x K), summed over all tiles
#include <algorithm>
#include <array>
#include <vector>

#include "core/kernels/conv2d.h"
#include "core/kernels/conv_weights.h"
#include "core/kernels/panel_gemm.h"
#include "core/kernels/winograd/transform.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

constexpr int kTaps = 9, kMostElements = 36;

// Frequencies lie this many floats further apart than they need to: at distances of a power of two
// they would all compete for the same few lines of the cache.
constexpr int64_t kApart = 16;

bool accepts(const ConvShape& shape) {
  constexpr int kFewChannels = 16;  // below, the products are too narrow
  const auto fits = [](const Axis& axis) {
    return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1 && axis.pad <= 2;
  };
  return shape.groups == 1 && fits(shape.window.y) && fits(shape.window.x) &&
         std::min(shape.c, shape.k) >= kFewChannels;
}

// Tiles of m x m outputs over a map; the last of a row or column may hang over.
struct Tiling {
  WinogradTile tile;
  int rows, columns;
  Tiling(WinogradTile kind, int h, int w)
      : tile(kind), rows(div_ceil(h, outputs_of(kind))), columns(div_ceil(w, outputs_of(kind))) {}
  int frequencies() const { return inputs_of(tile) * inputs_of(tile); }
  int count() const { return rows * columns; }
};

// The one with fewer multiplications; on equal terms the more accurate one.
Tiling choose_tiling(int h, int w) {
  const Tiling two(WinogradTile::kTwo, h, w), four(WinogradTile::kFour, h, w);
  const auto products = [](const Tiling& t) { return t.count() * t.frequencies(); };
  return products(four) < products(two) ? four : two;
}

// The panels of a square of `side` pixels at (y, x) of block nb; outside the map it is `outside`.
template <class Images, class Panel>
void square_of_panels(Images& images, int nb, int y, int x, int side, Panel* outside,
                      Panel** panels) {
  for (int i = 0; i < side; ++i) {
    for (int j = 0; j < side; ++j) {
      const int row = y + i, column = x + j;
      const bool inside = row >= 0 && row < images.h() && column >= 0 && column < images.w();
      panels[i * side + j] = inside ? images.panel(nb, row, column) : outside;
    }
  }
}

// `count` arrays at a fixed distance.
template <class Float>
std::array<Float*, kMostElements> spread(Float* first, int64_t distance, int count) {
  std::array<Float*, kMostElements> list{};
  for (int i = 0; i < count; ++i) list[static_cast<size_t>(i)] = first + i * distance;
  return list;
}

// U: (frequencies, from, to) out of `packed`, (taps, from, to). `turned` reverses the taps.
Tensor weight_frequencies(const Tiling& tiling, const Tensor& packed, bool turned) {
  const int64_t size = packed.numel() / kTaps;
  Tensor u = Tensor::empty({tiling.frequencies(), size});
  parallel_ranges(size, 4096, [&](int64_t begin, int64_t end) {
    auto taps = spread(packed.data() + begin, size, kTaps);
    if (turned) std::reverse(taps.begin(), taps.begin() + kTaps);
    auto out = spread(u.data() + begin, size, tiling.frequencies());
    winograd_transform(tiling.tile, WinogradMap::kWeight, taps, out, end - begin);
  });
  return u;
}

// What forward and backward data have in common: `destination` from `source`.
struct Pass {
  const Tensor& source;
  Tensor& destination;
  int pad_y, pad_x;
  const Tensor& u;
  Tiling tiling;
};

// The tiles [begin, end) of tile row `row` in block nb.
void convolve_tiles(const Pass& p, int nb, int row, Range tiles, const Epilogue& epilogue) {
  const int m = outputs_of(p.tiling.tile), t = inputs_of(p.tiling.tile), count = t * t;
  const int64_t from = p.source.panel_size(), to = p.destination.panel_size();
  const int64_t in_distance = tiles.size() * from + kApart;
  const int64_t out_distance = tiles.size() * to + kApart;
  Tensor x = Tensor::empty({count * in_distance}), y = Tensor::empty({count * out_distance});
  Tensor outside = Tensor::zeros({from}), unused = Tensor::empty({to});
  for (int i = 0; i < tiles.size(); ++i) {
    std::array<const float*, kMostElements> pixels;
    square_of_panels(p.source, nb, row * m - p.pad_y, (tiles.begin + i) * m - p.pad_x, t,
                     std::as_const(outside).data(), pixels.data());
    winograd_transform(p.tiling.tile, WinogradMap::kInput, pixels,
                       spread(x.data() + i * from, in_distance, count), from);
  }
  const int block = p.source.block(), c = p.source.c(), k = p.destination.c();
  for (int f = 0; f < count; ++f) {
    const PanelTerm term{x.data() + f * in_distance, p.u.data() + int64_t{f} * c * k};
    panel_gemm({.m = tiles.size() * block, .n = k, .k = c, .a_row = c, .b_row = k, .c_row = k},
               {&term, 1}, y.data() + f * out_distance);
  }
  for (int i = 0; i < tiles.size(); ++i) {
    std::array<float*, kMostElements> pixels;
    square_of_panels(p.destination, nb, row * m, (tiles.begin + i) * m, m, unused.data(),
                     pixels.data());
    winograd_transform(p.tiling.tile, WinogradMap::kOutput,
                       spread(std::as_const(y).data() + i * to, out_distance, count), pixels, to);
  }
  const int first = tiles.begin * m, last = std::min(tiles.end * m, p.destination.w());
  for (int i = row * m; i < std::min((row + 1) * m, p.destination.h()); ++i) {
    finish_panels(epilogue, p.destination, nb, i, {first, last});
  }
}

void convolve(const Pass& p, const Epilogue& epilogue) {
  constexpr int kTilesTogether = 2;  // X_f and Y_f of a job stay in the second-level cache
  const int groups = div_ceil(p.tiling.columns, kTilesTogether);
  const int rows = p.destination.blocks() * p.tiling.rows;
  parallel_for(int64_t{rows} * groups, [&](int64_t job) {
    const int group = static_cast<int>(job % groups), row = static_cast<int>(job / groups);
    const Range tiles{p.tiling.columns * group / groups, p.tiling.columns * (group + 1) / groups};
    convolve_tiles(p, row / p.tiling.rows, row % p.tiling.rows, tiles, epilogue);
  });
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const Tiling tiling = choose_tiling(y.h(), y.w());
  const Tensor u = weight_frequencies(tiling, pack_weights(shape, weight), false);
  convolve({x, y, shape.window.y.pad, shape.window.x.pad, u, tiling}, epilogue);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const Tiling tiling = choose_tiling(dx.h(), dx.w());
  const Tensor u = weight_frequencies(tiling, pack_weights_transposed(shape, weight), true);
  convolve({dy, dx, 2 - shape.window.y.pad, 2 - shape.window.x.pad, u, tiling}, {});
}

// The transforms of a piece of x and dy, made by all threads together and then read by all.
class Pieces {
 public:
  Pieces(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tiling tiling, int tiles)
      : shape_(shape),
        x_(x),
        dy_(dy),
        tiling_(tiling),
        x_distance_(tiles * x.panel_size() + kApart),
        dy_distance_(tiles * dy.panel_size() + kApart),
        x_f_(Tensor::empty({tiling.frequencies() * x_distance_})),
        dy_f_(Tensor::empty({tiling.frequencies() * dy_distance_})),
        outside_(Tensor::zeros({std::max(x.panel_size(), dy.panel_size())})) {}

  // Tile `tile` of all blocks becomes number `slot` of the piece.
  void transform(int64_t tile, int64_t slot) {
    const int m = outputs_of(tiling_.tile), t = inputs_of(tiling_.tile);
    const int nb = static_cast<int>(tile / tiling_.count());
    const int at = static_cast<int>(tile % tiling_.count());
    const int row = at / tiling_.columns * m, column = at % tiling_.columns * m;
    std::array<const float*, kMostElements> pixels;
    const float* outside = outside_.data();
    square_of_panels(x_, nb, row - shape_.window.y.pad, column - shape_.window.x.pad, t, outside,
                     pixels.data());
    winograd_transform(tiling_.tile, WinogradMap::kInput, pixels,
                       spread(x_f_.data() + slot * x_.panel_size(), x_distance_, t * t),
                       x_.panel_size());
    square_of_panels(dy_, nb, row, column, m, outside, pixels.data());
    winograd_transform(tiling_.tile, WinogradMap::kOutputGradient, pixels,
                       spread(dy_f_.data() + slot * dy_.panel_size(), dy_distance_, t * t),
                       dy_.panel_size());
  }

  // du (C x K) of frequency f: += the products of the first `tiles` slots.
  void accumulate(int f, int64_t tiles, bool first, float* du) const {
    const int c = shape_.c, k = shape_.k;
    const PanelTerm term{x_f_.data() + f * x_distance_, dy_f_.data() + f * dy_distance_};
    panel_gemm({.m = c,
                .n = k,
                .k = static_cast<int>(tiles) * x_.block(),
                .a_row = 1,
                .a_column = c,
                .b_row = k,
                .c_row = k,
                .accumulate = !first},
               {&term, 1}, du);
  }

 private:
  const ConvShape& shape_;
  const Tensor &x_, &dy_;
  Tiling tiling_;
  int64_t x_distance_, dy_distance_;
  Tensor x_f_, dy_f_;
  Tensor outside_;
};

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  constexpr int kTilesTogether = 4;
  const Tiling tiling = choose_tiling(dy.h(), dy.w());
  const int64_t size = int64_t{shape.c} * shape.k, tiles = int64_t{dy.blocks()} * tiling.count();
  const int count = tiling.frequencies();
  Tensor du = Tensor::empty({count, size});
  Pieces pieces(shape, x, dy, tiling, kTilesTogether);
  for (int64_t begin = 0; begin < tiles; begin += kTilesTogether) {
    const int64_t together = std::min<int64_t>(kTilesTogether, tiles - begin);
    parallel_for(together, [&](int64_t slot) { pieces.transform(begin + slot, slot); });
    parallel_for(count, [&](int64_t f) {
      pieces.accumulate(static_cast<int>(f), together, begin == 0, du.data() + f * size);
    });
  }
  Tensor dw = Tensor::empty({kTaps, size});
  parallel_ranges(size, 4096, [&](int64_t begin, int64_t end) {
    winograd_transform(tiling.tile, WinogradMap::kWeightGradient,
                       spread(std::as_const(du).data() + begin, size, count),
                       spread(dw.data() + begin, size, kTaps), end - begin);
  });
  unpack_weights(shape, dw.data(), dweight);
}

}  // namespace

const Conv2dKernel kConvWinograd{.name = "winograd",
                                 .accepts = accepts,
                                 .forward = forward,
                                 .backward_data = backward_data,
                                 .backward_weights = backward_weights};

}  // namespace weir::kernels
