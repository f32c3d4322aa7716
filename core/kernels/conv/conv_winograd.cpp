// Convolution by Winograd's minimal filtering: 3x3 kernels at stride 1. A tile of every image of a
// block is transformed at once, so that each frequency is one product of panels, with M = tiles *
// B:
//   forward           Y_f = X_f (tiles*B x C) * U_f (C x K)
//   backward data     the same, from dy, with turned and transposed weights
//   backward weights  dU_f = X_f^T (C x tiles*B) * dY_f (tiles*B x K), summed over all tiles
// The arithmetic is in float; images of BF16 are widened as they are read and rounded as they are
// written.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "core/kernels/cast.h"
#include "core/kernels/conv/conv2d.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/gemm/panel_gemm.h"
#include "core/kernels/winograd/transform.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

constexpr int kTaps = 9, kMostFrequencies = 36;

// Frequencies lie this many floats further apart than they need to: at distances of a power of two
// they would all compete for the same few lines of the cache.
constexpr int64_t kApart = 16;

// Tiles of m x m outputs over a map, read from t x t inputs; the last ones may hang over.
struct Tiling {
  WinogradTile tile;
  int m, t, rows, columns;
  Tiling(WinogradTile kind, int h, int w)
      : tile(kind),
        m(outputs_of(kind)),
        t(inputs_of(kind)),
        rows(div_ceil(h, m)),
        columns(div_ceil(w, m)) {}
  int frequencies() const { return t * t; }
  int count() const { return rows * columns; }
};

// The one with fewer multiplications; on equal terms the more accurate one.
Tiling choose_tiling(int h, int w) {
  const Tiling two(WinogradTile::kTwo, h, w), four(WinogradTile::kFour, h, w);
  const auto products = [](const Tiling& t) { return t.count() * t.frequencies(); };
  return products(four) < products(two) ? four : two;
}

// The products of AVX512-BF16 are twice as fast as ours, so less has to be left of them.
bool saves_enough(const ConvShape& shape, DType x) {
  constexpr double kEnough = 2.6;
  if (x == DType::kF32 || !isa_includes("avx512_bf16")) return true;
  const int h = shape.window.y.out(), w = shape.window.x.out();
  const Tiling tiling = choose_tiling(h, w);
  return double{kTaps} * h * w >= kEnough * tiling.count() * tiling.frequencies();
}

bool accepts(const ConvShape& shape, DType x) {
  constexpr int kFewChannels = 16;  // below, the products are too narrow
  const auto fits = [](const Axis& axis) {
    return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1 && axis.pad <= 2;
  };
  return shape.groups == 1 && fits(shape.window.y) && fits(shape.window.x) &&
         std::min(shape.c, shape.k) >= kFewChannels && saves_enough(shape, x);
}

// Pointers to the panels of a square: pixels, frequencies or taps, row-major.
template <class Number>
using Square = std::array<Number*, kMostFrequencies>;

// The panels of `side` x `side` pixels at (y, x) of block nb; `outside` for those beyond the map.
template <class T, class Images, class Number>
Square<Number> pixels(Images& images, int nb, int y, int x, int side, Number* outside) {
  Square<Number> panels;
  for (int i = 0; i < side * side; ++i) {
    const int row = y + i / side, column = x + i % side;
    const bool inside = row >= 0 && row < images.h() && column >= 0 && column < images.w();
    panels[static_cast<size_t>(i)] = inside ? images.template panel<T>(nb, row, column) : outside;
  }
  return panels;
}

template <class Number>
Square<Number> evenly(Number* first, int64_t distance, int count) {
  Square<Number> list{};
  for (int i = 0; i < count; ++i) list[static_cast<size_t>(i)] = first + i * distance;
  return list;
}

// All frequencies of a number of tiles: for each a matrix (tiles * B x channels).
class Frequencies {
 public:
  Frequencies(const Tiling& tiling, int tiles, const Tensor& images)
      : count_(tiling.frequencies()),
        panel_(images.panel_size()),
        distance_(tiles * panel_ + kApart),
        values_(Tensor::empty({count_ * distance_})) {}

  float* matrix(int frequency) { return values_.data() + frequency * distance_; }
  Square<float> of_tile(int64_t tile) {
    return evenly(values_.data() + tile * panel_, distance_, count_);
  }
  Square<const float> of_tile(int64_t tile) const {
    return evenly(values_.data() + tile * panel_, distance_, count_);
  }

 private:
  int count_;
  int64_t panel_, distance_;
  Tensor values_;
};

// U: (frequencies, from, to) out of `packed`, (taps, from, to). `turned` reverses the taps.
Tensor weight_frequencies(const Tiling& tiling, const Tensor& packed, bool turned) {
  const int64_t size = packed.numel() / kTaps;
  Tensor u = Tensor::empty({tiling.frequencies(), size});
  parallel_ranges(size, 4096, [&](int64_t begin, int64_t end) {
    auto taps = evenly(packed.data() + begin, size, kTaps);
    if (turned) std::reverse(taps.begin(), taps.begin() + kTaps);
    winograd_transform(tiling.tile, WinogradMap::kWeight, taps,
                       evenly(u.data() + begin, size, tiling.frequencies()), end - begin);
  });
  return u;
}

// Weights as images of type `images` meet them: for BF16 they are rounded to it.
Tensor met_by(DType images, const Tensor& weights) {
  return stored_as(stored_as(weights, images), DType::kF32);
}

// What forward and backward data have in common: `destination` from `source`.
struct Pass {
  const Tensor& source;
  Tensor& destination;
  int pad_y, pad_x;
  const Tensor& u;
  Tiling tiling;
  const Epilogue& epilogue;
};

// A piece of a row of tiles in block nb.
struct TileRun {
  int nb, row;
  Range columns;
  int size() const { return columns.size(); }
};

template <class T>
void transform_source(const Pass& p, const TileRun& run, Frequencies& x) {
  const Tiling& t = p.tiling;
  const Tensor outside = Tensor::zeros({p.source.panel_size()}, DTypeOf<T>::value);
  for (int i = 0; i < run.size(); ++i) {
    winograd_transform(t.tile, WinogradMap::kInput,
                       pixels<T>(p.source, run.nb, run.row * t.m - p.pad_y,
                                 (run.columns.begin + i) * t.m - p.pad_x, t.t, outside.data<T>()),
                       x.of_tile(i), p.source.panel_size());
  }
}

// Calls body(row, columns) for the rows of pixels that a run covers, without what hangs over.
template <class Body>
void for_rows(const Pass& p, const TileRun& run, Body body) {
  const int m = p.tiling.m, first = run.row * m;
  const Range columns{run.columns.begin * m, std::min(run.columns.end * m, p.destination.w())};
  for (int row = first; row < std::min(first + m, p.destination.h()); ++row) body(row, columns);
}

void transform_in_place(const Pass& p, const TileRun& run, const Frequencies& y) {
  const Tiling& t = p.tiling;
  Tensor unused = Tensor::empty({p.destination.panel_size()});
  for (int i = 0; i < run.size(); ++i) {
    winograd_transform(t.tile, WinogradMap::kOutput, y.of_tile(i),
                       pixels<float>(p.destination, run.nb, run.row * t.m,
                                     (run.columns.begin + i) * t.m, t.m, unused.data()),
                       p.destination.panel_size());
  }
  for_rows(p, run, [&](int row, Range columns) {
    finish_panels(p.epilogue, p.destination, run.nb, row, columns);
  });
}

// By way of rows of floats, which stay in cache.
void transform_and_round(const Pass& p, const TileRun& run, const Frequencies& y) {
  const Tiling& t = p.tiling;
  const int64_t panel = p.destination.panel_size(), row_size = int64_t{run.size()} * t.m * panel;
  Tensor rows = Tensor::empty({t.m * row_size});
  for (int i = 0; i < run.size(); ++i) {
    Square<float> to{};
    for (int j = 0; j < t.m * t.m; ++j) {
      to[static_cast<size_t>(j)] = rows.data() + j / t.m * row_size + (i * t.m + j % t.m) * panel;
    }
    winograd_transform(t.tile, WinogradMap::kOutput, y.of_tile(i), to, panel);
  }
  for_rows(p, run, [&](int row, Range columns) {
    const float* from = rows.data() + (row - run.row * t.m) * row_size;
    finish_panels(p.epilogue, {from, p.destination.c()}, p.destination, run.nb, row, columns);
  });
}

template <class T>
void convolve_tiles(const Pass& p, const TileRun& run) {
  const int c = p.source.c(), k = p.destination.c();
  Frequencies x(p.tiling, run.size(), p.source), y(p.tiling, run.size(), p.destination);
  transform_source<T>(p, run, x);
  for (int f = 0; f < p.tiling.frequencies(); ++f) {
    const PanelTerm term{x.matrix(f), p.u.data() + int64_t{f} * c * k};
    panel_gemm(
        {.m = run.size() * p.source.block(), .n = k, .k = c, .a_row = c, .b_row = k, .c_row = k},
        {&term, 1}, y.matrix(f));
  }
  if (p.destination.dtype() == DType::kF32) {
    transform_in_place(p, run, y);
  } else {
    transform_and_round(p, run, y);
  }
}

void convolve(const Pass& p) {
  constexpr int kTilesTogether = 2;  // X_f and Y_f of a run stay in the second-level cache
  const Tiling& t = p.tiling;
  const int runs = div_ceil(t.columns, kTilesTogether);
  with_storage(p.source.dtype(), [&]<class T>(T) {
    parallel_for(int64_t{p.destination.blocks()} * t.rows * runs, [&](int64_t job) {
      const int run = static_cast<int>(job % runs), row = static_cast<int>(job / runs);
      convolve_tiles<T>(p, {.nb = row / t.rows,
                            .row = row % t.rows,
                            .columns = {t.columns * run / runs, t.columns * (run + 1) / runs}});
    });
  });
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const Tiling tiling = choose_tiling(y.h(), y.w());
  const Tensor u =
      weight_frequencies(tiling, met_by(x.dtype(), pack_weights(shape, weight)), false);
  convolve({x, y, shape.window.y.pad, shape.window.x.pad, u, tiling, epilogue});
}

void backward_data(const ConvShape& shape, const Tensor& gradient, const Tensor& weight,
                   Tensor& dx) {
  const Tensor dy = stored_as(gradient, dx.dtype());
  const Tiling tiling = choose_tiling(dx.h(), dx.w());
  const Tensor u =
      weight_frequencies(tiling, met_by(dx.dtype(), pack_weights_transposed(shape, weight)), true);
  convolve({dy, dx, 2 - shape.window.y.pad, 2 - shape.window.x.pad, u, tiling, {}});
}

// The sum over a chunk of tiles, a few at a time. A chunk has its own frequencies and its own dU:
// sharing them between threads would cost more than the arithmetic, as caches of cores exchange
// data slowly.
class ChunkGradient {
 public:
  static constexpr int kTilesTogether = 4;

  ChunkGradient(const ConvShape& shape, const Tiling& tiling, const Tensor& x, const Tensor& dy)
      : shape_(shape),
        tiling_(tiling),
        x_(x),
        dy_(dy),
        x_f_(tiling, kTilesTogether, x),
        dy_f_(tiling, kTilesTogether, dy),
        outside_(Tensor::zeros({std::max(x.panel_size(), dy.panel_size())})) {}

  // du: (frequencies, C, K) for the tiles [begin, end) of all blocks.
  template <class T>
  void run(int64_t begin, int64_t end, float* du) {
    for (int64_t first = begin; first < end; first += kTilesTogether) {
      const int64_t tiles = std::min<int64_t>(kTilesTogether, end - first);
      for (int64_t slot = 0; slot < tiles; ++slot) transform<T>(first + slot, slot);
      for (int f = 0; f < tiling_.frequencies(); ++f) accumulate(f, tiles, first == begin, du);
    }
  }

 private:
  template <class T>
  void transform(int64_t tile, int64_t slot) {
    const Tiling& t = tiling_;
    const int nb = static_cast<int>(tile / t.count()), at = static_cast<int>(tile % t.count());
    const int row = at / t.columns * t.m, column = at % t.columns * t.m;
    const T* outside = reinterpret_cast<const T*>(outside_.data());  // zero in either type
    winograd_transform(
        t.tile, WinogradMap::kInput,
        pixels<T>(x_, nb, row - shape_.window.y.pad, column - shape_.window.x.pad, t.t, outside),
        x_f_.of_tile(slot), x_.panel_size());
    winograd_transform(t.tile, WinogradMap::kOutputGradient,
                       pixels<T>(dy_, nb, row, column, t.m, outside), dy_f_.of_tile(slot),
                       dy_.panel_size());
  }

  void accumulate(int f, int64_t tiles, bool first, float* du) {
    const PanelTerm term{x_f_.matrix(f), dy_f_.matrix(f)};
    panel_gemm({.m = shape_.c,
                .n = shape_.k,
                .k = static_cast<int>(tiles) * x_.block(),
                .a_row = 1,
                .a_column = shape_.c,
                .b_row = shape_.k,
                .c_row = shape_.k,
                .accumulate = !first},
               {&term, 1}, du + int64_t{f} * shape_.c * shape_.k);
  }

  const ConvShape& shape_;
  const Tiling& tiling_;
  const Tensor &x_, &dy_;
  Frequencies x_f_, dy_f_;
  Tensor outside_;
};

// Enough for several threads, as many as their sums are worth the memory, and each with a full
// piece of work where there is one.
int gradient_chunks(int64_t sums, int64_t tiles) {
  constexpr int64_t kFloats = int64_t{8} << 20;  // 32 MiB for all together
  constexpr int64_t kFewest = 2, kMost = 16;
  const int64_t pieces = std::clamp(tiles / ChunkGradient::kTilesTogether, kFewest, kMost);
  const auto chunks = static_cast<uint64_t>(std::clamp(kFloats / sums, kFewest, pieces));
  return static_cast<int>(std::min(static_cast<int64_t>(std::bit_floor(chunks)), tiles));
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& gradient,
                      Tensor& dweight) {
  const Tensor dy = stored_as(gradient, x.dtype());
  const Tiling tiling = choose_tiling(dy.h(), dy.w());
  const int64_t size = int64_t{shape.c} * shape.k, sums = tiling.frequencies() * size;
  const int64_t tiles = int64_t{dy.blocks()} * tiling.count();
  const int chunks = gradient_chunks(sums, tiles);
  Tensor du = Tensor::empty({chunks, sums}), dw = Tensor::empty({kTaps, size});
  with_storage(x.dtype(), [&]<class T>(T) {
    parallel_for(chunks, [&](int64_t chunk) {
      ChunkGradient(shape, tiling, x, dy)
          .run<T>(tiles * chunk / chunks, tiles * (chunk + 1) / chunks, du.data() + chunk * sums);
    });
  });
  tree_sum(du.data(), chunks, sums, sums);
  parallel_ranges(size, 4096, [&](int64_t begin, int64_t end) {
    winograd_transform(tiling.tile, WinogradMap::kWeightGradient,
                       evenly(std::as_const(du).data() + begin, size, tiling.frequencies()),
                       evenly(dw.data() + begin, size, kTaps), end - begin);
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
