// Backward weights of conv_bf16.h. The sums run over images, so both operands must be turned: x is
// transposed and dy paired, a row of panels at a time, once for all taps.
#include <algorithm>
#include <vector>

#include "core/kernels/cast.h"
#include "core/kernels/conv/conv_bf16.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/gemm/bf16_pack.h"
#include "core/kernels/gemm/bf16_products.h"

namespace weir::kernels {
namespace {

// Rows of x with the channels `channels` of every panel transposed (channels x k): made when they
// are first asked for, and kept for as many rows of outputs as read them.
class TransposedRows {
 public:
  TransposedRows(const Axis& axis, const Tensor& x, Range channels, int k)
      : x_(x),
        channels_(channels),
        k_(k),
        rows_(Tensor::empty({std::min(axis.extent(), x.h()), x.w(), channels.size(), k},
                            DType::kBF16)),
        held_(static_cast<size_t>(rows_.shape()[0]), -1) {}

  int64_t panel_size() const { return int64_t{channels_.size()} * k_; }
  const bfloat16* row(int nb, int y) {
    const int64_t wanted = int64_t{nb} * x_.h() + y;
    const size_t slot = static_cast<size_t>(y) % held_.size();
    bfloat16* to = rows_.data<bfloat16>() + static_cast<int64_t>(slot) * x_.w() * panel_size();
    if (held_[slot] != wanted) {
      transpose_panels({.first = x_.panel<bfloat16>(nb, y, 0) + channels_.begin,
                        .count = x_.w(),
                        .rows = x_.block(),
                        .width = x_.c(),
                        .columns = channels_.size()},
                       k_, to);
      held_[slot] = wanted;
    }
    return to;
  }

 private:
  const Tensor& x_;
  Range channels_;
  int k_;
  Tensor rows_;
  std::vector<int64_t> held_;
};

// dW of some rows of outputs and some input channels, row by row, in the order [tap][C][n].
class WeightSums {
 public:
  WeightSums(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& x, const Tensor& dy,
             Range channels, float* dw)
      : gemm_(gemm),
        shape_(shape),
        dy_(dy),
        channels_(channels),
        dw_(dw),
        k_(round_up(x.block(), gemm.k_step)),
        n_(round_up(shape.k, kPairColumns)),
        rows_(TapTable::forward(shape.window.y)),
        x_rows_(shape.window.y, x, channels, k_),
        dy_row_(Tensor::empty({dy.w(), n_, k_}, DType::kBF16)) {
    for (int tap = 0; tap < shape.taps(); ++tap) {
      std::fill_n(of_tap(tap), int64_t{channels.size()} * n_, 0.f);
    }
  }

  void add_row(int nb, int row) {
    pair_panels({.first = dy_.panel<bfloat16>(nb, row, 0),
                 .count = dy_.w(),
                 .rows = dy_.block(),
                 .width = shape_.k,
                 .columns = shape_.k},
                k_, dy_row_.data<bfloat16>());
    if (shape_.c < kFewBf16Channels) return add_gathered(nb, row);
    constexpr int kPixelsTogether = 8;  // their panels stay in cache from tap to tap
    for (int column = 0; column < dy_.w(); column += kPixelsTogether) {
      const Range columns{column, std::min(column + kPixelsTogether, dy_.w())};
      for (const Tap& y : rows_.at(row)) add_taps(x_rows_.row(nb, y.from), y.tap, columns);
    }
  }

 private:
  float* of_tap(int tap) const { return dw_ + (int64_t{tap} * shape_.c + channels_.begin) * n_; }
  const bfloat16* dy_panel(int column) const {
    return dy_row_.data<bfloat16>() + int64_t{column} * n_ * k_;
  }

  void run_products(int m) {
    gemm_.run({.m = m,
               .n = n_,
               .k = k_,
               .a_row = k_,
               .b_panel = int64_t{kPairColumns} * k_,
               .c_row = n_,
               .accumulate = true},
              products_.list());
  }

  // The taps of one row of the kernel, each a product.
  void add_taps(const bfloat16* x_row, int tap_y, Range columns) {
    const Axis& axis = shape_.window.x;
    products_.clear();
    for (int tap = 0; tap < axis.kernel; ++tap) {
      const Range inside = axis.outputs(tap);
      products_.start(of_tap(tap_y * axis.kernel + tap));
      for (int column = std::max(columns.begin, inside.begin);
           column < std::min(columns.end, inside.end); ++column) {
        const int from = axis.origin(column) + tap * axis.dilation;
        products_.add(x_row + from * x_rows_.panel_size(), dy_panel(column));
      }
    }
    run_products(channels_.size());
  }

  // Few channels: all taps as one product, whose left operand (taps*C x k) is put together from
  // the transposed panels.
  void add_gathered(int nb, int row) {
    const int64_t size = shape_.taps() * x_rows_.panel_size();
    gathered_ = Tensor::zeros({dy_.w(), size}, DType::kBF16);
    products_.clear();
    products_.start(dw_);
    for (int column = 0; column < dy_.w(); ++column) {
      products_.add(gathered_.data<bfloat16>() + column * size, dy_panel(column));
    }
    const Axis& axis = shape_.window.x;
    for (const Tap& y : rows_.at(row)) {
      const bfloat16* x_row = x_rows_.row(nb, y.from);
      for (int tap = 0; tap < axis.kernel; ++tap) {
        const Range inside = axis.outputs(tap);
        bfloat16* to = gathered_.data<bfloat16>() +
                       (int64_t{y.tap} * axis.kernel + tap) * x_rows_.panel_size();
        for (int column = inside.begin; column < inside.end; ++column) {
          const int from = axis.origin(column) + tap * axis.dilation;
          std::copy_n(x_row + from * x_rows_.panel_size(), x_rows_.panel_size(),
                      to + column * size);
        }
      }
    }
    run_products(shape_.taps() * shape_.c);
  }

  const Bf16GemmKernel& gemm_;
  const ConvShape& shape_;
  const Tensor& dy_;
  Range channels_;
  float* dw_;
  int k_, n_;
  TapTable rows_;
  TransposedRows x_rows_;
  Tensor dy_row_, gathered_;
  Bf16Products products_;
};

}  // namespace

void conv_bf16_backward_weights(const Bf16GemmKernel& gemm, const ConvShape& shape, const Tensor& x,
                                const Tensor& dy, Tensor& dweight) {
  const Tensor gradient = stored_as(dy, DType::kBF16);
  ConvShape padded = shape;
  padded.k = round_up(shape.k, kPairColumns);
  const bool exact = padded.k == shape.k;
  Tensor dw = exact ? dweight : Tensor::empty({padded.weights()});
  const auto sum = [&](Range rows, Range channels, float* sums) {
    WeightSums part(gemm, shape, x, gradient, channels, sums);
    for (int r = rows.begin; r < rows.end; ++r) part.add_row(r / dy.h(), r % dy.h());
  };
  constexpr int kChannelStep = 32;  // the rows of a block on matrix tiles
  sum_weight_slices(padded, dy.blocks() * dy.h(), kChannelStep, sum, dw);
  if (!exact) std::copy_n(dw.data(), dweight.numel(), dweight.data());
}

}  // namespace weir::kernels
