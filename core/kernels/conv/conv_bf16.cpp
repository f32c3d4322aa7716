#include "core/kernels/conv/conv_bf16.h"

#include <algorithm>
#include <cstring>

#include "core/kernels/cast.h"
#include "core/kernels/gemm/bf16_pack.h"
#include "core/kernels/gemm/bf16_products.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Pixels of the destination that are computed together.
struct Pixels {
  int nb, row;
  Range columns;
};

// A product for each pair of a pixel and a tap that reaches it, straight from the source's panels.
class PanelTerms {
 public:
  PanelTerms(const Tensor& source, const TapTable& rows, const TapTable& columns, int kernel_height,
             int kernel_width, const PairedWeights& weights)
      : source_(source),
        rows_(rows),
        columns_(columns),
        taps_(kernel_height * kernel_width),
        kernel_width_(kernel_width),
        weights_(weights) {}

  int terms() const { return taps_; }
  int64_t a_row() const { return source_.c(); }
  void prepare(const Pixels&) {}
  // Those of the terms numbered `which` that pixel number `index` has.
  void add(const Pixels& pixels, int index, Range which, Bf16Products& products) const {
    for (const Tap& y : rows_.at(pixels.row)) {
      for (const Tap& x : columns_.at(pixels.columns.begin + index)) {
        const int tap = y.tap * kernel_width_ + x.tap;
        if (!which.contains(tap)) continue;
        products.add(source_.panel<bfloat16>(pixels.nb, y.from, x.from), weights_.term(tap));
      }
    }
  }

 private:
  const Tensor& source_;
  const TapTable &rows_, &columns_;
  int taps_, kernel_width_;
  const PairedWeights& weights_;
};

// Rows of `count` numbers to rows `to_row` apart. Where there is space for it, kUnit numbers at a
// time, which is faster: what they overwrite is still to come. Of the last rows exactly `count`, so
// that nothing behind them is read.
template <int kUnit>
void copy_rows(const bfloat16* from, int rows, int count, bfloat16* to, int64_t to_row, int space) {
  const int whole = space >= kUnit ? std::max(rows + 1 - div_ceil(kUnit, count), 0) : 0;
  for (int i = 0; i < whole; ++i, from += count, to += to_row) {
    std::memcpy(to, from, kUnit * sizeof(bfloat16));
  }
  for (int i = whole; i < rows; ++i, from += count, to += to_row) std::copy_n(from, count, to);
}

// One product for each pixel: the taps of an output side by side in rows of length k. For sources
// of few channels, whose taps are too narrow to multiply by themselves.
class GatheredTerms {
 public:
  GatheredTerms(const ConvShape& shape, const Tensor& x, const PairedWeights& weights)
      : window_(shape.window),
        x_(x),
        weights_(weights),
        outside_(Tensor::images_zeros(x.block(), x.c(), 1, 1, DType::kBF16)) {}

  int terms() const { return 1; }
  int64_t a_row() const { return weights_.k; }
  void prepare(const Pixels& pixels) {
    if (!gathered_.defined()) {  // what fills the rows up stays zero from the first pixels on
      gathered_ = Tensor::zeros({pixels.columns.size(), x_.block(), weights_.k}, DType::kBF16);
    }
    for (int i = 0; i < pixels.columns.size(); ++i) gather(pixels, i);
  }
  void add(const Pixels&, int index, Range, Bf16Products& products) const {
    products.add(gathered_.data<bfloat16>() + index * size(), weights_.term(0));
  }

 private:
  int64_t size() const { return int64_t{x_.block()} * weights_.k; }
  void gather(const Pixels& pixels, int index) {
    const Axis &ay = window_.y, &ax = window_.x;
    bfloat16* to = gathered_.data<bfloat16>() + index * size();
    for (int tap = 0; tap < window_.taps(); ++tap) {
      const int y = ay.origin(pixels.row) + tap / ax.kernel * ay.dilation;
      const int x = ax.origin(pixels.columns.begin + index) + tap % ax.kernel * ax.dilation;
      const bool inside = y >= 0 && y < ay.in && x >= 0 && x < ax.in;
      copy_tap(inside ? x_.panel<bfloat16>(pixels.nb, y, x) : outside_.data<bfloat16>(), tap, to);
    }
  }
  void copy_tap(const bfloat16* panel, int tap, bfloat16* row) const {
    const int channels = x_.c(), left = (window_.taps() - tap) * channels;
    bfloat16* to = row + tap * channels;
    if (channels <= 4) return copy_rows<4>(panel, x_.block(), channels, to, weights_.k, left);
    if (channels <= 8) return copy_rows<8>(panel, x_.block(), channels, to, weights_.k, left);
    copy_rows<kFewBf16Channels>(panel, x_.block(), channels, to, weights_.k, left);
  }

  const Window2d& window_;
  const Tensor& x_;
  const PairedWeights& weights_;
  Tensor outside_, gathered_;
};

// What forward and backward data have in common.
struct Pass {
  const Bf16GemmKernel& gemm;
  int block;  // of the source
  const PairedWeights& weights;
  Tensor& destination;
  const Epilogue& epilogue;
};

// `to` (pixels, B, n) = the sums of all terms, as many terms at a time as the kernel likes.
template <class Terms>
void sum_terms(const Pass& p, const Pixels& pixels, const Terms& terms, Bf16Products& products,
               float* to) {
  const int n = p.weights.n, count = terms.terms();
  const int64_t full_parts = (int64_t{count} * p.weights.k - 1) / p.gemm.most_k;
  const int parts = static_cast<int>(std::min<int64_t>(full_parts + 1, count));
  for (int part = 0; part < parts; ++part) {
    const Range which{count * part / parts, count * (part + 1) / parts};
    products.clear();
    for (int i = 0; i < pixels.columns.size(); ++i) {
      products.start(to + int64_t{i} * p.block * n);
      terms.add(pixels, i, which, products);
    }
    p.gemm.run({.m = p.block,
                .n = n,
                .k = p.weights.k,
                .a_row = terms.a_row(),
                .b_panel = p.weights.panel(),
                .c_row = n,
                .accumulate = part > 0},
               products.list());
  }
}

template <class Terms>
void convolve(const Pass& p, const Terms& all_terms) {
  constexpr int kSums = 64 << 10;  // floats: they wait in the second-level cache to be finished
  Tensor& to = p.destination;
  const int width = std::clamp(kSums / (p.block * p.weights.n), 1, to.w());
  parallel_for(int64_t{to.blocks()} * to.h(), [&](int64_t job) {
    Terms terms = all_terms;
    Bf16Products products;
    Tensor sums = Tensor::empty({width, p.block, p.weights.n});
    for (int column = 0; column < to.w(); column += width) {
      const Pixels pixels{static_cast<int>(job / to.h()),
                          static_cast<int>(job % to.h()),
                          {column, std::min(column + width, to.w())}};
      terms.prepare(pixels);
      sum_terms(p, pixels, terms, products, sums.data());
      finish_panels(p.epilogue, {sums.data(), p.weights.n}, to, pixels.nb, pixels.row,
                    pixels.columns);
    }
  });
}

// Channels for which rows of the source can be read in whole steps of k.
Tensor with_whole_steps(const Tensor& source, int k) {
  return source.c() == k ? source : pad_channels(source, k);
}

}  // namespace

void conv_bf16_forward(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& x,
                       const Tensor& weight, const Epilogue& epilogue, Tensor& y) {
  if (shape.c < kFewBf16Channels) {
    const PairedWeights weights = pair_gathered_weights(shape, weight, gemm.k_step);
    convolve(Pass{gemm, x.block(), weights, y, epilogue}, GatheredTerms(shape, x, weights));
    return;
  }
  const PairedWeights weights = pair_weights(shape, weight, gemm.k_step);
  const Tensor source = with_whole_steps(x, weights.k);
  const TapTable rows = TapTable::forward(shape.window.y);
  const TapTable columns = TapTable::forward(shape.window.x);
  convolve(
      Pass{gemm, x.block(), weights, y, epilogue},
      PanelTerms(source, rows, columns, shape.window.y.kernel, shape.window.x.kernel, weights));
}

void conv_bf16_backward_data(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& dy,
                             const Tensor& weight, Tensor& dx) {
  const PairedWeights weights = pair_weights_transposed(shape, weight, gemm.k_step);
  const Tensor source = with_whole_steps(stored_as(dy, DType::kBF16), weights.k);
  const TapTable rows = TapTable::backward(shape.window.y);
  const TapTable columns = TapTable::backward(shape.window.x);
  convolve(
      Pass{gemm, dy.block(), weights, dx, Epilogue{}},
      PanelTerms(source, rows, columns, shape.window.y.kernel, shape.window.x.kernel, weights));
}

const Conv2dKernel kConvAmx = conv_bf16_on<kBf16GemmAmx>("amx");
const Conv2dKernel kConvAvx512Bf16 = conv_bf16_on<kBf16GemmAvx512>("avx512_bf16");
const Conv2dKernel kConvBf16 = conv_bf16_on<kBf16GemmPortable>("bf16");

}  // namespace weir::kernels
