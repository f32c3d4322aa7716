// Depthwise convolution (groups = C = K): a panel times one weight for each channel, added up over
// the taps. Lanes are channels of some rows of the panel, for which weights are repeated: few
// channels fill vectors, too.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/conv/conv_depthwise.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/repeated_rows.h"
#include "core/runtime/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// to[r][c] += from[r][c] * weight[c] for r in [0, rows)
void multiply_add_rows(const float* from, const float* weight, int64_t rows, int64_t channels,
                       float* to) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r, from += channels, to += channels) {
    int64_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
      hn::StoreU(hn::MulAdd(hn::LoadU(d, from + c), hn::LoadU(d, weight + c), hn::LoadU(d, to + c)),
                 d, to + c);
    }
    for (; c < channels; ++c) to[c] += from[c] * weight[c];
  }
}

// sums[c] += sum over r of a[r][c] * b[r][c]
void dot_columns(const float* a, const float* b, int64_t rows, int64_t channels, float* sums) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) {
    auto sum = hn::LoadU(d, sums + c);
    for (int64_t r = 0; r < rows; ++r) {
      sum = hn::MulAdd(hn::LoadU(d, a + r * channels + c), hn::LoadU(d, b + r * channels + c), sum);
    }
    hn::StoreU(sum, d, sums + c);
  }
  for (; c < channels; ++c) {
    for (int64_t r = 0; r < rows; ++r) sums[c] += a[r * channels + c] * b[r * channels + c];
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(multiply_add_rows);
HWY_EXPORT(dot_columns);

// Rows of a panel that are lanes together: one where channels fill whole registers, whose sums then
// stay there for all rows.
int lane_rows(const Tensor& images) {
  constexpr int kRegister = 16;
  return images.c() % kRegister == 0 ? 1 : repeated_rows(images);
}

// packed (taps, 1, C) -> (taps, rows * C).
Tensor repeat_weights(const Tensor& packed, int rows) {
  const int64_t taps = packed.shape()[0], channels = packed.shape()[2];
  Tensor repeated = Tensor::empty({taps, rows * channels});
  for (int64_t row = 0; row < taps * rows; ++row) {
    std::copy_n(packed.data() + row / rows * channels, channels, repeated.data() + row * channels);
  }
  return repeated;
}

bool accepts(const ConvShape& shape, DType x) { return x == DType::kF32 && shape.depthwise(); }

// Destination row (nb, y) += sum over taps of source panels * weights: both directions.
void row_of_taps(const TapPlan& plan, const Tensor& source, const Tensor& weights, int kernel_width,
                 int nb, int y, Tensor& destination) {
  const int64_t lanes = weights.shape()[1], rows = source.panel_size() / lanes;
  for (const TapRow& row : plan.rows(y)) {
    for (const TapRun& run : plan.runs()) {
      const float* weight = weights.data() + (int64_t{row.tap} * kernel_width + run.tap) * lanes;
      for (int i = 0; i < run.count; ++i) {
        HWY_DYNAMIC_DISPATCH(multiply_add_rows)
        (source.panel(nb, row.from, run.from + i * run.from_step), weight, rows, lanes,
         destination.panel(nb, y, run.to + i * run.to_step));
      }
    }
  }
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const Tensor weights = repeat_weights(pack_weights(shape, weight), lane_rows(y));
  parallel_for(int64_t{y.blocks()} * y.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / y.h()), row = static_cast<int>(job % y.h());
    std::fill_n(y.panel(nb, row, 0), y.w() * y.panel_size(), 0.f);
    row_of_taps(plan, x, weights, shape.window.x.kernel, nb, row, y);
    finish_panels(epilogue, y, nb, row, {0, y.w()});
  });
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const TapPlan plan = TapPlan::backward(shape.window);
  const Tensor weights = repeat_weights(pack_weights(shape, weight), lane_rows(dx));
  parallel_for(int64_t{dx.blocks()} * dx.h(), [&](int64_t job) {
    const int nb = static_cast<int>(job / dx.h()), row = static_cast<int>(job % dx.h());
    std::fill_n(dx.panel(nb, row, 0), dx.w() * dx.panel_size(), 0.f);
    row_of_taps(plan, dy, weights, shape.window.x.kernel, nb, row, dx);
  });
}

// sums (taps, lanes) += what output row y of block nb contributes.
void add_weight_row(const ConvShape& shape, const TapPlan& plan, const Tensor& x, const Tensor& dy,
                    int nb, int y, Tensor& sums) {
  const int64_t lanes = sums.shape()[1], rows = x.panel_size() / lanes;
  for (const TapRow& row : plan.rows(y)) {
    for (const TapRun& run : plan.runs()) {
      const int tap = row.tap * shape.window.x.kernel + run.tap;
      for (int i = 0; i < run.count; ++i) {
        HWY_DYNAMIC_DISPATCH(dot_columns)
        (x.panel(nb, row.from, run.from + i * run.from_step), dy.panel(nb, y, run.to + i), rows,
         lanes, sums.data() + tap * lanes);
      }
    }
  }
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const TapPlan plan = TapPlan::forward(shape.window);
  const auto sum_rows = [&](int64_t begin, int64_t end, float* dw) {
    const int64_t lanes = int64_t{lane_rows(x)} * shape.c;
    Tensor sums = Tensor::zeros({shape.taps(), lanes});
    for (int64_t r = begin; r < end; ++r) {
      add_weight_row(shape, plan, x, dy, static_cast<int>(r / dy.h()), static_cast<int>(r % dy.h()),
                     sums);
    }
    std::fill_n(dw, shape.weights(), 0.f);
    for (int64_t i = 0; i < sums.numel(); ++i) {
      dw[i / lanes * shape.c + i % shape.c] += sums.data()[i];
    }
  };
  sum_weight_gradients(shape, dy.blocks() * dy.h(), sum_rows, dweight);
}

}  // namespace

const Conv2dKernel kConvDepthwise{.name = "depthwise",
                                  .accepts = accepts,
                                  .forward = forward,
                                  .backward_data = backward_data,
                                  .backward_weights = backward_weights};

}  // namespace weir::kernels
#endif
