// Convolution whose kernel is the whole map: a linear layer. With images as lanes the weights are
// read as they lie in memory, in PyTorch's order of features (C, H, W); nothing is packed.
//   forward           y^T (K, B)   = weight (K, F) * x^T (F, B)
//   backward data     dx^T (F, B)  = weight^T (F, K) * dy^T (K, B)
//   backward weights  dW (K, F)    = sum over blocks of dy^T (K, B) * x (B, F)
#include <algorithm>
#include <vector>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/gemm/panel_gemm.h"
#include "core/kernels/gemm/transpose.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Calls body(job) for [0, jobs), on this thread alone where the work is not worth waking another.
void run_jobs(int64_t jobs, int64_t multiply_adds, FunctionRef<void(int64_t)> body) {
  constexpr int64_t kWorthSharing = 256 << 10;  // several microseconds
  parallel_ranges(jobs, multiply_adds < kWorthSharing ? jobs : 1, [&](int64_t begin, int64_t end) {
    for (int64_t job = begin; job < end; ++job) body(job);
  });
}

bool accepts(const ConvShape& shape, DType x) {
  const auto covers = [](const Axis& axis) {
    return axis.kernel == axis.in && axis.pad == 0 && axis.dilation == 1;
  };
  return x == DType::kF32 && shape.groups == 1 && covers(shape.window.y) && covers(shape.window.x);
}

int pixels(const Tensor& images) { return images.h() * images.w(); }
int features(const Tensor& images) { return images.c() * pixels(images); }

// Block nb as rows of images: (F, B).
Tensor lanes_of(const Tensor& images, int nb) {
  const int block = images.block(), count = pixels(images);
  Tensor lanes = Tensor::empty({features(images), block});
  for (int pixel = 0; pixel < count; ++pixel) {
    transpose({block, images.c(), images.c(), int64_t{count} * block},
              images.panel(nb, 0, 0) + pixel * images.panel_size(),
              lanes.data() + int64_t{pixel} * block);
  }
  return lanes;
}

// destination = matrix * source, where matrix(i, p) is matrix[i * row + p * column].
struct Pass {
  const Tensor& source;
  Tensor& destination;
  const float* matrix;
  int64_t row, column;
};

// Channels of block nb of the destination.
void multiply_slice(const Pass& p, int nb, Range channels) {
  const int block = p.source.block(), count = pixels(p.destination);
  const Tensor lanes = lanes_of(p.source, nb);
  Tensor result = Tensor::empty({int64_t{channels.size()} * count, block});
  const PanelTerm term{p.matrix + int64_t{channels.begin} * count * p.row, lanes.data()};
  panel_gemm({.m = channels.size() * count,
              .n = block,
              .k = features(p.source),
              .a_row = p.row,
              .a_column = p.column,
              .b_row = block,
              .c_row = block},
             {&term, 1}, result.data());
  for (int pixel = 0; pixel < count; ++pixel) {
    transpose({channels.size(), block, int64_t{count} * block, p.destination.c()},
              result.data() + int64_t{pixel} * block,
              p.destination.panel(nb, 0, 0) + pixel * p.destination.panel_size() + channels.begin);
  }
}

// Only a forward pass has anything to finish; its destination is one pixel.
void finish_block(const Epilogue& epilogue, Tensor& y, int nb) {
  finish_panels(epilogue, y, nb, 0, {0, 1});
}

void multiply(const Pass& p, const Epilogue& epilogue) {
  constexpr int kEnoughJobs = 4;
  const int blocks = p.source.blocks(), channels = p.destination.c();
  const int cuts = std::min(div_ceil(kEnoughJobs, blocks), channels);
  const int64_t work = int64_t{p.source.n()} * features(p.source) * features(p.destination);
  run_jobs(int64_t{blocks} * cuts, work, [&](int64_t job) {
    const int nb = static_cast<int>(job / cuts), cut = static_cast<int>(job % cuts);
    multiply_slice(p, nb, {channels * cut / cuts, channels * (cut + 1) / cuts});
    if (cuts == 1) finish_block(epilogue, p.destination, nb);
  });
  for (int nb = 0; cuts > 1 && nb < blocks; ++nb) finish_block(epilogue, p.destination, nb);
}

void forward(const ConvShape&, const Tensor& x, const Tensor& weight, const Epilogue& epilogue,
             Tensor& y) {
  multiply({x, y, weight.data(), features(x), 1}, epilogue);
}

void backward_data(const ConvShape&, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  multiply({dy, dx, weight.data(), 1, features(dx)}, {});
}

// (blocks * B, F): one row for each image, padded ones included. On a map of one pixel that is what
// the panels are.
Tensor rows_of(const Tensor& images) {
  const int count = pixels(images);
  if (count == 1) return images;
  Tensor rows = Tensor::empty({int64_t{images.blocks()} * images.block(), features(images)});
  parallel_for(images.blocks(), [&](int64_t nb) {
    for (int image = 0; image < images.block(); ++image) {
      transpose({count, images.c(), images.panel_size(), count},
                images.panel(static_cast<int>(nb), 0, 0) + int64_t{image} * images.c(),
                rows.data() + (nb * images.block() + image) * features(images));
    }
  });
  return rows;
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  constexpr int kStep = 8, kMostJobs = 8;  // kStep: rows that panel_gemm() takes together
  const int width = features(x), steps = div_ceil(shape.k, kStep);
  const int jobs = std::min(steps, kMostJobs);
  const Tensor rows = rows_of(x);
  run_jobs(jobs, int64_t{x.n()} * width * shape.k, [&](int64_t job) {
    const auto first = static_cast<int>(steps * job / jobs * kStep);
    const auto end = std::min(static_cast<int>(steps * (job + 1) / jobs * kStep), shape.k);
    std::vector<PanelTerm> terms;
    for (int nb = 0; nb < dy.blocks(); ++nb) {
      terms.push_back({dy.panel(nb, 0, 0) + first, rows.data() + int64_t{nb} * x.block() * width});
    }
    panel_gemm({.m = end - first,
                .n = width,
                .k = dy.block(),
                .a_row = 1,
                .a_column = shape.k,
                .b_row = width,
                .c_row = width},
               terms, dweight.data() + int64_t{first} * width);
  });
}

}  // namespace

const Conv2dKernel kConvDense{.name = "dense",
                              .accepts = accepts,
                              .forward = forward,
                              .backward_data = backward_data,
                              .backward_weights = backward_weights};

}  // namespace weir::kernels
