// Convolution as one GEMM for each tap. With stride 1 the panels of a row are contiguous on both
// sides, so a tap is a single GEMM with M = pixels * B; else it is one GEMM for each pixel.
//   forward           y[row]  = sum over taps of x panels (B x C) * W[tap] (C x K)
//   backward data     dx[row] = sum over taps of dy panels (B x K) * W[tap]^T
//   backward weights  dW[tap] = sum over rows of x panels^T * dy panels
#include <algorithm>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/gemm/blas.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Destination row y of block nb, from all taps. `g` holds what is the same for every tap.
void accumulate_row(const TapPlan& plan, const Tensor& source, Tensor& destination, int nb, int y,
                    Gemm g, const float* weights, int64_t tap_stride, int kernel_width,
                    int64_t source_offset, int64_t destination_offset) {
  const int block = source.block();
  for (const TapRow& row : plan.rows(y)) {
    for (const TapRun& run : plan.runs()) {
      g.b = weights + (int64_t{row.tap} * kernel_width + run.tap) * tap_stride;
      const int calls = run.contiguous() ? 1 : run.count;
      g.m = run.contiguous() ? run.count * block : block;
      for (int i = 0; i < calls; ++i) {
        g.a = source.panel(nb, row.from, run.from + i * run.from_step) + source_offset;
        g.c = destination.panel(nb, y, run.to + i * run.to_step) + destination_offset;
        gemm(g);
      }
    }
  }
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const Tensor packed = pack_weights(shape, weight);
  const int64_t tap_stride = int64_t{shape.group_c()} * shape.k;
  parallel_for(int64_t{y.blocks()} * y.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / y.h()), row = static_cast<int>(job % y.h());
    std::fill_n(y.panel(nb, row, 0), y.w() * y.panel_size(), 0.f);
    for (int group = 0; group < shape.groups; ++group) {
      const Gemm g{.n = shape.group_k(),
                   .k = shape.group_c(),
                   .lda = shape.c,
                   .ldb = shape.k,
                   .ldc = shape.k};
      const int64_t first_k = int64_t{group} * shape.group_k();
      accumulate_row(plan, x, y, nb, row, g, packed.data() + first_k, tap_stride,
                     shape.window.x.kernel, int64_t{group} * shape.group_c(), first_k);
    }
    finish_panels(epilogue, y, nb, row, {0, y.w()});
  });
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const TapPlan plan = TapPlan::backward(shape.window);
  const Tensor packed = pack_weights(shape, weight);
  const int64_t tap_stride = int64_t{shape.group_c()} * shape.k;
  parallel_for(int64_t{dx.blocks()} * dx.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / dx.h()), row = static_cast<int>(job % dx.h());
    std::fill_n(dx.panel(nb, row, 0), dx.w() * dx.panel_size(), 0.f);
    for (int group = 0; group < shape.groups; ++group) {
      const Gemm g{.n = shape.group_c(),
                   .k = shape.group_k(),
                   .lda = shape.k,
                   .ldb = shape.k,
                   .transpose_b = true,
                   .ldc = shape.c};
      const int64_t first_k = int64_t{group} * shape.group_k();
      accumulate_row(plan, dy, dx, nb, row, g, packed.data() + first_k, tap_stride,
                     shape.window.x.kernel, first_k, int64_t{group} * shape.group_c());
    }
  });
}

// How the sum over output rows is cut: into chunks with a private dW each while dW is small; a
// large dW is cut into slices of taps and input channels instead, which need no private copies.
struct WeightJobs {
  int chunks, tap_slices, channel_slices;
  int count() const { return chunks * tap_slices * channel_slices; }
};

WeightJobs cut(const ConvShape& shape, int rows) {
  constexpr int kMostChunks = 16, kEnoughJobs = 8, kSliceChannels = 128;
  constexpr int64_t kPrivateFloats = int64_t{8} << 20;  // 32 MiB for all private copies together
  const int chunks = static_cast<int>(
      std::clamp<int64_t>(kPrivateFloats / shape.weights(), 1, std::min(rows, kMostChunks)));
  if (chunks >= kEnoughJobs) return {chunks, 1, 1};
  return {chunks, shape.taps(), (shape.group_c() + kSliceChannels - 1) / kSliceChannels};
}

// Adds output row (nb, y) to the part of dW that a slice covers.
void add_weight_row(const ConvShape& shape, const TapPlan& plan, const Tensor& x, const Tensor& dy,
                    int nb, int y, Range taps, Range channels, float* dw) {
  for (const TapRow& row : plan.rows(y)) {
    for (const TapRun& run : plan.runs()) {
      const int tap = row.tap * shape.window.x.kernel + run.tap;
      if (!taps.contains(tap)) continue;
      const int calls = run.contiguous() ? 1 : run.count;
      for (int i = 0; i < calls; ++i) {
        for (int group = 0; group < shape.groups; ++group) {
          const int first_c = group * shape.group_c() + channels.begin;
          const int first_k = group * shape.group_k();
          gemm({.m = channels.size(),
                .n = shape.group_k(),
                .k = run.contiguous() ? run.count * x.block() : x.block(),
                .a = x.panel(nb, row.from, run.from + i * run.from_step) + first_c,
                .lda = shape.c,
                .transpose_a = true,
                .b = dy.panel(nb, y, run.to + i) + first_k,
                .ldb = shape.k,
                .c = dw + (int64_t{tap} * shape.group_c() + channels.begin) * shape.k + first_k,
                .ldc = shape.k});
        }
      }
    }
  }
}

void clear_slice(const ConvShape& shape, Range taps, Range channels, float* dw) {
  for (int tap = taps.begin; tap < taps.end; ++tap) {
    std::fill_n(dw + (int64_t{tap} * shape.group_c() + channels.begin) * shape.k,
                int64_t{channels.size()} * shape.k, 0.f);
  }
}

Range slice(int total, int index, int slices) {
  return {total * index / slices, total * (index + 1) / slices};
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const int rows = dy.blocks() * dy.h();
  const WeightJobs jobs = cut(shape, rows);
  Tensor partial = Tensor::empty({jobs.chunks, shape.weights()});
  parallel_for(jobs.count(), [&](int64_t job) {
    const int index = static_cast<int>(job);
    const int chunk = index % jobs.chunks, rest = index / jobs.chunks;
    const Range taps = slice(shape.taps(), rest % jobs.tap_slices, jobs.tap_slices);
    const Range channels = slice(shape.group_c(), rest / jobs.tap_slices, jobs.channel_slices);
    const Range chunk_rows = slice(rows, chunk, jobs.chunks);
    float* dw = partial.data() + chunk * shape.weights();
    clear_slice(shape, taps, channels, dw);
    for (int r = chunk_rows.begin; r < chunk_rows.end; ++r) {
      add_weight_row(shape, plan, x, dy, r / dy.h(), r % dy.h(), taps, channels, dw);
    }
  });
  tree_sum(partial.data(), jobs.chunks, shape.weights(), shape.weights());
  unpack_weights(shape, partial.data(), dweight);
}

}  // namespace

const Conv2dKernel kConvTaps{.name = "taps",
                             .accepts = [](const ConvShape&, DType x) { return x == DType::kF32; },
                             .forward = forward,
                             .backward_data = backward_data,
                             .backward_weights = backward_weights};

}  // namespace weir::kernels
