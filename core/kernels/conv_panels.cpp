// Direct convolution: each panel of the destination is one sum of products over the taps that
// reach it, kept in registers from the first tap to the last. Every stride costs the same.
//   forward           y panel (B x K)  = sum over taps of x panel (B x C) * W[tap] (C x K)
//   backward data     dx panel (B x C) = sum over taps of dy panel (B x K) * W[tap]^T (K x C)
//   backward weights  dW[tap] (C x K)  = sum over pixels of x panel^T * dy panel
#include <algorithm>
#include <vector>

#include "core/kernels/conv2d.h"
#include "core/kernels/conv_weights.h"
#include "core/kernels/panel_gemm.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// What forward and backward data have in common: `destination` from `source`, group by group.
struct Pass {
  const Tensor& source;
  Tensor& destination;
  const TapTable &rows, &columns;
  const Tensor& weights;  // (taps, channels of a group of the source, destination channels)
  int groups, kernel_width;

  int group_from() const { return source.c() / groups; }
  int group_to() const { return destination.c() / groups; }
};

// Columns of the destination for which all weights stay in the second-level cache: they are read
// again for each panel. 48 columns are three vectors of AVX-512 and six of AVX2.
int slice_width(const Pass& p) {
  constexpr int64_t kFloats = 128 << 10;
  constexpr int kStep = 48;
  const int64_t rows = p.weights.shape()[0] * p.weights.shape()[1];
  const auto steps = static_cast<int>(std::max<int64_t>(kFloats / rows / kStep, 1));
  return std::min(steps * kStep, p.group_to());
}

// Columns [begin, end) of the destination's channels in one row of panels.
void convolve_slice(const Pass& p, int nb, int row, Range channels) {
  const int group = channels.begin / p.group_to(), from = p.group_from(), to = p.destination.c();
  const int64_t tap_size = int64_t{from} * to;
  std::vector<PanelTerm> terms;
  for (int column = 0; column < p.destination.w(); ++column) {
    terms.clear();
    for (const Tap& y : p.rows.at(row)) {
      for (const Tap& x : p.columns.at(column)) {
        const int tap = y.tap * p.kernel_width + x.tap;
        terms.push_back({p.source.panel(nb, y.from, x.from) + group * from,
                         p.weights.data() + tap * tap_size + channels.begin});
      }
    }
    panel_gemm({.m = p.source.block(),
                .n = channels.size(),
                .k = from,
                .a_row = p.source.c(),
                .b_row = to,
                .c_row = to},
               terms, p.destination.panel(nb, row, column) + channels.begin);
  }
}

void convolve(const Pass& p, const Epilogue& epilogue) {
  const int width = slice_width(p), slices = div_ceil(p.group_to(), width);
  parallel_for(int64_t{p.destination.blocks()} * p.destination.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / p.destination.h());
    const int row = static_cast<int>(job % p.destination.h());
    for (int group = 0; group < p.groups; ++group) {
      const int first = group * p.group_to();
      for (int slice = 0; slice < slices; ++slice) {
        convolve_slice(
            p, nb, row,
            {first + p.group_to() * slice / slices, first + p.group_to() * (slice + 1) / slices});
      }
    }
    finish_panels(epilogue, p.destination, nb, row, {0, p.destination.w()});
  });
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const TapTable rows = TapTable::forward(shape.window.y);
  const TapTable columns = TapTable::forward(shape.window.x);
  const Tensor packed = pack_weights(shape, weight);
  convolve({x, y, rows, columns, packed, shape.groups, shape.window.x.kernel}, epilogue);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const TapTable rows = TapTable::backward(shape.window.y);
  const TapTable columns = TapTable::backward(shape.window.x);
  const Tensor packed = pack_weights_transposed(shape, weight);
  convolve({dy, dx, rows, columns, packed, shape.groups, shape.window.x.kernel}, {});
}

// Pixels [columns.begin, columns.end) of output row (nb, row): their share of all of dW.
void add_pixels(const ConvShape& shape, const TapTable& rows, const Tensor& x, const Tensor& dy,
                int nb, int row, Range columns, float* dw) {
  const Axis& axis = shape.window.x;
  std::vector<PanelTerm> terms;
  for (const Tap& y : rows.at(row)) {
    for (int tap = 0; tap < axis.kernel; ++tap) {
      const Range inside = axis.outputs(tap);
      const Range reached{std::max(columns.begin, inside.begin), std::min(columns.end, inside.end)};
      for (int group = 0; group < shape.groups; ++group) {
        terms.clear();
        for (int column = reached.begin; column < reached.end; ++column) {
          const int from = axis.origin(column) + tap * axis.dilation;
          terms.push_back({x.panel(nb, y.from, from) + group * shape.group_c(),
                           dy.panel(nb, row, column) + group * shape.group_k()});
        }
        const int64_t at = (int64_t{y.tap} * axis.kernel + tap) * shape.group_c() * shape.k;
        panel_gemm({.m = shape.group_c(),
                    .n = shape.group_k(),
                    .k = x.block(),
                    .a_row = 1,
                    .a_column = shape.c,
                    .b_row = shape.k,
                    .c_row = shape.k,
                    .accumulate = true},
                   terms, dw + at + int64_t{group} * shape.group_k());
      }
    }
  }
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  constexpr int kPixelsTogether = 8;  // their panels stay in cache from tap to tap
  const TapTable rows = TapTable::forward(shape.window.y);
  const auto sum_rows = [&](int64_t begin, int64_t end, float* dw) {
    std::fill_n(dw, shape.weights(), 0.f);
    for (int64_t r = begin; r < end; ++r) {
      const int nb = static_cast<int>(r / dy.h()), row = static_cast<int>(r % dy.h());
      for (int column = 0; column < dy.w(); column += kPixelsTogether) {
        add_pixels(shape, rows, x, dy, nb, row,
                   {column, std::min(column + kPixelsTogether, dy.w())}, dw);
      }
    }
  };
  sum_weight_gradients(shape, dy.blocks() * dy.h(), sum_rows, dweight);
}

}  // namespace

const Conv2dKernel kConvPanels{
    .name = "panels",
    .accepts = [](const ConvShape&, DType x) { return x == DType::kF32; },
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights};

}  // namespace weir::kernels
