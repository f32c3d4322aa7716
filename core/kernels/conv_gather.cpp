// Convolution of few input channels (first layers, LeNet): a GEMM for each tap would have K = 3, so
// the taps of one output row are gathered into columns (OW*B x taps*C) that stay in cache, and one
// GEMM with K = taps*C does the row.
#include <algorithm>

#include "core/kernels/blas.h"
#include "core/kernels/conv2d.h"
#include "core/kernels/conv_weights.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Below a vector's width, GEMMs over C alone leave most of the lanes empty.
constexpr int kFewChannels = 16;

bool accepts(const ConvShape& shape) { return shape.groups == 1 && shape.c < kFewChannels; }

int columns_width(const ConvShape& shape) { return shape.taps() * shape.c; }

void copy_panel(const float* panel, int block, int channels, float* columns, int width) {
  for (int image = 0; image < block; ++image) {
    for (int c = 0; c < channels; ++c) columns[c] = panel[c];
    panel += channels;
    columns += width;
  }
}

// columns: (OW*B, taps*C) for output row (nb, y); taps outside the image are zero.
void gather_row(const ConvShape& shape, const TapPlan& plan, const Tensor& x, int nb, int y,
                float* columns) {
  const int width = columns_width(shape), block = x.block();
  std::fill_n(columns, int64_t{shape.window.x.out()} * block * width, 0.f);
  for (const TapRow& row : plan.rows(y)) {
    for (const TapRun& run : plan.runs()) {
      const int tap = row.tap * shape.window.x.kernel + run.tap;
      for (int i = 0; i < run.count; ++i) {
        copy_panel(x.panel(nb, row.from, run.from + i * run.from_step), block, shape.c,
                   columns + int64_t{run.to + i} * block * width + tap * shape.c, width);
      }
    }
  }
}

Tensor columns_for(const ConvShape& shape, const Tensor& x) {
  return Tensor::empty({int64_t{shape.window.x.out()} * x.block(), columns_width(shape)});
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const Tensor packed = pack_weights(shape, weight);
  parallel_for(int64_t{y.blocks()} * y.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / y.h()), row = static_cast<int>(job % y.h());
    Tensor columns = columns_for(shape, x);
    gather_row(shape, plan, x, nb, row, columns.data());
    gemm({.m = y.w() * y.block(),
          .n = shape.k,
          .k = columns_width(shape),
          .a = columns.data(),
          .lda = columns_width(shape),
          .b = packed.data(),
          .ldb = shape.k,
          .beta = 0.f,
          .c = y.panel(nb, row, 0),
          .ldc = shape.k});
    finish_panels(epilogue, y, nb, row, {0, y.w()});
  });
}

// C is the width of the result here, so gathering dy would not make the GEMM wider.
void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  kConvTaps.backward_data(shape, dy, weight, dx);
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const auto sum_rows = [&](int64_t begin, int64_t end, float* dw) {
    Tensor columns = columns_for(shape, x);
    float beta = 0.f;
    for (int64_t r = begin; r < end; ++r) {
      const int nb = static_cast<int>(r / dy.h()), row = static_cast<int>(r % dy.h());
      gather_row(shape, plan, x, nb, row, columns.data());
      gemm({.m = columns_width(shape),
            .n = shape.k,
            .k = dy.w() * dy.block(),
            .a = columns.data(),
            .lda = columns_width(shape),
            .transpose_a = true,
            .b = dy.panel(nb, row, 0),
            .ldb = shape.k,
            .beta = beta,
            .c = dw,
            .ldc = shape.k});
      beta = 1.f;
    }
  };
  sum_weight_gradients(shape, dy.blocks() * dy.h(), sum_rows, dweight);
}

}  // namespace

const Conv2dKernel kConvGather{.name = "gather",
                               .accepts = accepts,
                               .forward = forward,
                               .backward_data = backward_data,
                               .backward_weights = backward_weights};

}  // namespace weir::kernels
