// Direct convolution: each panel of the destination is one sum of products over the taps that
// reach it, kept in registers from the first tap to the last. Every stride costs the same.
//   forward           y panel (B x K)  = sum over taps of x panel (B x C) * W[tap] (C x K)
//   backward data     dx panel (B x C) = sum over taps of dy panel (B x K) * W[tap]^T (K x C)
//   backward weights  dW[tap] (C x K)  = sum over pixels of x panel^T * dy panel
#include <algorithm>
#include <vector>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/gemm/panel_gemm.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Weights by slices of the destination's channels, each a matrix without gaps for all taps: in
// rows as long as all channels, a slice would compete for a few lines of the cache.
struct SlicedWeights {
  int groups, group_channels;  // of the destination
  int width;                   // channels of a slice, the last of a group may have fewer
  int64_t rows;                // taps * channels of a group of the source
  Tensor values;

  int slices() const { return div_ceil(group_channels, width); }  // of a group
  Range channels(int group, int slice) const {
    const int first = group * group_channels;
    return {first + slice * width, first + std::min((slice + 1) * width, group_channels)};
  }
  const float* slice(Range channels) const { return values.data() + channels.begin * rows; }
};

// packed: (taps, channels of a group of the source, destination channels)
SlicedWeights slice_weights(const Tensor& packed, int groups) {
  // For these all weights stay in the second-level cache: they are read again for each panel. 48
  // channels are three vectors of AVX-512 and six of AVX2.
  constexpr int64_t kFloats = 128 << 10;
  constexpr int kStep = 48;
  const int64_t rows = packed.shape()[0] * packed.shape()[1], channels = packed.shape()[2];
  const auto steps = static_cast<int>(std::max<int64_t>(kFloats / rows / kStep, 1));
  const int group_channels = static_cast<int>(channels) / groups;
  SlicedWeights sliced{groups, group_channels, std::min(steps * kStep, group_channels), rows,
                       Tensor::empty({rows, channels})};
  parallel_for(int64_t{groups} * sliced.slices(), [&](int64_t job) {
    const Range slice = sliced.channels(static_cast<int>(job) / sliced.slices(),
                                        static_cast<int>(job) % sliced.slices());
    float* to = sliced.values.data() + slice.begin * rows;
    for (int64_t row = 0; row < rows; ++row) {
      std::copy_n(packed.data() + row * channels + slice.begin, slice.size(),
                  to + row * slice.size());
    }
  });
  return sliced;
}

// What forward and backward data have in common: `destination` from `source`, group by group.
struct Pass {
  const Tensor& source;
  Tensor& destination;
  const TapTable &rows, &columns;
  SlicedWeights weights;
  int kernel_width;
};

// Some of the destination's channels in one row of panels.
void convolve_slice(const Pass& p, int nb, int row, int group, Range channels) {
  const int from = p.source.c() / p.weights.groups, width = channels.size();
  const float* weights = p.weights.slice(channels);
  std::vector<PanelTerm> terms;
  for (int column = 0; column < p.destination.w(); ++column) {
    terms.clear();
    for (const Tap& y : p.rows.at(row)) {
      for (const Tap& x : p.columns.at(column)) {
        const int tap = y.tap * p.kernel_width + x.tap;
        terms.push_back({p.source.panel(nb, y.from, x.from) + group * from,
                         weights + int64_t{tap} * from * width});
      }
    }
    panel_gemm({.m = p.source.block(),
                .n = width,
                .k = from,
                .a_row = p.source.c(),
                .b_row = width,
                .c_row = p.destination.c()},
               terms, p.destination.panel(nb, row, column) + channels.begin);
  }
}

// A job is a slice of a row: neighbours share the row where there are many rows, and the slice
// where there are few, as in linear layers.
void convolve(const Pass& p, const Epilogue& epilogue) {
  const int slices = p.weights.slices() * p.weights.groups;
  const int height = p.destination.h(), rows = p.destination.blocks() * height;
  const auto run = [&](int row, int slice) {
    const int group = slice / p.weights.slices();
    convolve_slice(p, row / height, row % height, group,
                   p.weights.channels(group, slice % p.weights.slices()));
  };
  const auto finish = [&](int row) {
    finish_panels(epilogue, p.destination, row / height, row % height, {0, p.destination.w()});
  };
  constexpr int kManyRows = 16;
  if (rows >= kManyRows) {
    parallel_for(rows, [&](int64_t row) {
      for (int slice = 0; slice < slices; ++slice) run(static_cast<int>(row), slice);
      finish(static_cast<int>(row));
    });
    return;
  }
  parallel_for(slices, [&](int64_t slice) {
    for (int row = 0; row < rows; ++row) run(row, static_cast<int>(slice));
  });
  parallel_for(rows, [&](int64_t row) { finish(static_cast<int>(row)); });
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const TapTable rows = TapTable::forward(shape.window.y);
  const TapTable columns = TapTable::forward(shape.window.x);
  convolve({x, y, rows, columns, slice_weights(pack_weights(shape, weight), shape.groups),
            shape.window.x.kernel},
           epilogue);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const TapTable rows = TapTable::backward(shape.window.y);
  const TapTable columns = TapTable::backward(shape.window.x);
  convolve(
      {dy, dx, rows, columns, slice_weights(pack_weights_transposed(shape, weight), shape.groups),
       shape.window.x.kernel},
      {});
}

// Pixels [columns.begin, columns.end) of output row (nb, row): their share of dW, for some of the
// input channels of a group.
void add_pixels(const ConvShape& shape, const TapTable& rows, const Tensor& x, const Tensor& dy,
                int nb, int row, Range columns, Range channels, float* dw) {
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
          terms.push_back({x.panel(nb, y.from, from) + group * shape.group_c() + channels.begin,
                           dy.panel(nb, row, column) + group * shape.group_k()});
        }
        const int64_t at = (int64_t{y.tap} * axis.kernel + tap) * shape.group_c() + channels.begin;
        panel_gemm({.m = channels.size(),
                    .n = shape.group_k(),
                    .k = x.block(),
                    .a_row = 1,
                    .a_column = shape.c,
                    .b_row = shape.k,
                    .c_row = shape.k,
                    .accumulate = true},
                   terms, dw + at * shape.k + int64_t{group} * shape.group_k());
      }
    }
  }
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  constexpr int kPixelsTogether = 8;  // their panels stay in cache from tap to tap
  const TapTable rows = TapTable::forward(shape.window.y);
  const auto sum = [&](Range chunk, Range channels, float* dw) {
    for (int tap = 0; tap < shape.taps(); ++tap) {
      std::fill_n(dw + (int64_t{tap} * shape.group_c() + channels.begin) * shape.k,
                  int64_t{channels.size()} * shape.k, 0.f);
    }
    for (int r = chunk.begin; r < chunk.end; ++r) {
      for (int column = 0; column < dy.w(); column += kPixelsTogether) {
        add_pixels(shape, rows, x, dy, r / dy.h(), r % dy.h(),
                   {column, std::min(column + kPixelsTogether, dy.w())}, channels, dw);
      }
    }
  };
  constexpr int kChannelStep = 8;  // rows of a block of panel_gemm
  sum_weight_slices(shape, dy.blocks() * dy.h(), kChannelStep, sum, dweight);
}

}  // namespace

const Conv2dKernel kConvPanels{
    .name = "panels",
    .accepts = [](const ConvShape&, DType x) { return x == DType::kF32; },
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights};

}  // namespace weir::kernels
