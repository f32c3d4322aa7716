#include "core/kernels/batch_norm.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/batch_norm.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

#ifndef WEIR_CORE_KERNELS_BATCH_NORM_ONCE
#define WEIR_CORE_KERNELS_BATCH_NORM_ONCE
namespace weir::kernels {

// Sums of single precision run over at most this many panels before they are added to a double:
// the error of such a sum stays below 64 * 2^-24 = 4e-6 of its terms.
constexpr int64_t kRun = 64;

// Up to `panels` consecutive panels of one block; dy is null in the forward pass.
struct PanelRun {
  const float *x, *dy;
  int64_t panels, panel_size;
  int64_t live;        // lanes of live rows, at the start of each panel
  const float* shift;  // one per lane
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// first[lane] = sum of d and second[lane] = sum of d^2 over the panels, with d = x - shift.
void sum_moments(const PanelRun& run, float* first, float* second) {
  for (int64_t p = 0; p < run.panels; ++p) {
    const float* x = run.x + p * run.panel_size;
    for_lanes(0, run.live, [&, p]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V d = V::load(x + i) - V::load(run.shift + i);
      (p == 0 ? d : V::load(first + i) + d).store(first + i);
      (p == 0 ? d * d : fma(d, d, V::load(second + i))).store(second + i);
    });
  }
}

// first[lane] = sum of dy and second[lane] = sum of dy * (x - shift).
void sum_gradients(const PanelRun& run, float* first, float* second) {
  for (int64_t p = 0; p < run.panels; ++p) {
    const float *x = run.x + p * run.panel_size, *dy = run.dy + p * run.panel_size;
    for_lanes(0, run.live, [&, p]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V g = V::load(dy + i), d = V::load(x + i) - V::load(run.shift + i);
      (p == 0 ? g : V::load(first + i) + g).store(first + i);
      (p == 0 ? g * d : fma(g, d, V::load(second + i))).store(second + i);
    });
  }
}

void affine_panel(const float* x, const float* mean, const float* scale, const float* shift,
                  int64_t lanes, float* y) {
  for_lanes(0, lanes, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V d = V::load(x + i) - V::load(mean + i);
    fma(d, V::load(scale + i), V::load(shift + i)).store(y + i);
  });
}

void gradient_panel(const float* dy, const float* x, const float* mean, const float* a,
                    const float* b, const float* c, int64_t lanes, float* dx) {
  for_lanes(0, lanes, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V d = V::load(x + i) - V::load(mean + i);
    const V from_x = fma(d, V::load(b + i), V::load(c + i));
    fma(V::load(dy + i), V::load(a + i), from_x).store(dx + i);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(sum_moments);
HWY_EXPORT(sum_gradients);
HWY_EXPORT(affine_panel);
HWY_EXPORT(gradient_panel);

int64_t pixels(const Tensor& images) { return int64_t{images.h()} * images.w(); }
int64_t panels(const Tensor& images) { return images.blocks() * pixels(images); }
int64_t live_lanes(const Tensor& images, int64_t panel) {
  return int64_t{images.live_rows(static_cast<int>(panel / pixels(images)))} * images.c();
}

// The values of the channels, once for each row of a panel: lanes then need no channel number.
std::vector<float> for_each_row(const std::vector<float>& values, int rows) {
  std::vector<float> lanes;
  lanes.reserve(values.size() * static_cast<size_t>(rows));
  for (int row = 0; row < rows; ++row) lanes.insert(lanes.end(), values.begin(), values.end());
  return lanes;
}

void fold_rows(const std::vector<float>& lanes, int64_t live, std::span<double> channels) {
  for (int64_t lane = 0; lane < live; lane += static_cast<int64_t>(channels.size())) {
    for (size_t c = 0; c < channels.size(); ++c) {
      channels[c] += double{lanes[static_cast<size_t>(lane) + c]};
    }
  }
}

using SumRun = void (*)(const PanelRun& run, float* first, float* second);

// The sums over panels [begin, end), in runs that stay inside a block.
void add_runs(const Tensor& x, const Tensor* dy, const float* shift, SumRun sum_run, int64_t begin,
              int64_t end, std::span<double> first, std::span<double> second) {
  std::vector<float> lanes_first(static_cast<size_t>(x.panel_size()));
  std::vector<float> lanes_second(lanes_first.size());
  for (int64_t p = begin; p < end;) {
    const int64_t block_end = (p / pixels(x) + 1) * pixels(x);
    const int64_t length = std::min({kRun, end - p, block_end - p});
    const PanelRun run{.x = x.data() + p * x.panel_size(),
                       .dy = dy != nullptr ? dy->data() + p * x.panel_size() : nullptr,
                       .panels = length,
                       .panel_size = x.panel_size(),
                       .live = live_lanes(x, p),
                       .shift = shift};
    sum_run(run, lanes_first.data(), lanes_second.data());
    fold_rows(lanes_first, run.live, first);
    fold_rows(lanes_second, run.live, second);
    p += length;
  }
}

// Fixed chunks of panels, added in order: the number of threads changes nothing.
ChannelSums sum_channels(const Tensor& x, const Tensor* dy, const std::vector<float>& shift,
                         SumRun sum_run) {
  const auto channels = static_cast<size_t>(x.c());
  const std::vector<float> lanes = for_each_row(shift, x.block());
  const int64_t count = panels(x);
  const int chunks = static_cast<int>(std::min<int64_t>(count, reduction_chunks(x.stored())));
  std::vector<double> partial(static_cast<size_t>(chunks) * 2 * channels);
  parallel_for(chunks, [&](int64_t chunk) {
    const std::span<double> mine =
        std::span(partial).subspan(static_cast<size_t>(chunk) * 2 * channels, 2 * channels);
    add_runs(x, dy, lanes.data(), sum_run, count * chunk / chunks, count * (chunk + 1) / chunks,
             mine.first(channels), mine.last(channels));
  });
  ChannelSums sums{std::vector<double>(channels), std::vector<double>(channels)};
  for (size_t i = 0; i < partial.size(); ++i) {
    std::vector<double>& into = i / channels % 2 == 0 ? sums.first : sums.second;
    into[i % channels] += partial[i];
  }
  return sums;
}

// A value near the mean of each channel: the average of a few panels spread over the first block.
// Variances are summed around it, which keeps the digits that E[x^2] - E[x]^2 would lose.
std::vector<float> rough_mean(const Tensor& x) {
  constexpr int64_t kSamples = 8;
  const auto channels = static_cast<size_t>(x.c());
  std::vector<double> sum(channels);
  const int rows = x.live_rows(0);
  for (int64_t s = 0; s < kSamples; ++s) {
    const float* panel = x.data() + pixels(x) * s / kSamples * x.panel_size();
    for (int64_t i = 0; i < int64_t{rows} * x.c(); ++i) {
      sum[static_cast<size_t>(i) % channels] += double{panel[i]};
    }
  }
  std::vector<float> mean(channels);
  for (size_t c = 0; c < channels; ++c) {
    mean[c] = static_cast<float>(sum[c] / static_cast<double>(kSamples * rows));
  }
  return mean;
}

}  // namespace

ChannelSums channel_moments(const Tensor& x) {
  const std::vector<float> shift = rough_mean(x);
  ChannelSums moments = sum_channels(x, nullptr, shift, HWY_DYNAMIC_DISPATCH(sum_moments));
  const double count = static_cast<double>(x.n() * pixels(x));
  for (size_t c = 0; c < shift.size(); ++c) {
    const double offset = moments.first[c] / count;
    moments.first[c] = double{shift[c]} + offset;
    moments.second[c] = std::max(moments.second[c] / count - offset * offset, 0.0);
  }
  return moments;
}

ChannelSums channel_gradient_sums(const Tensor& dy, const Tensor& x,
                                  const std::vector<float>& mean) {
  return sum_channels(x, &dy, mean, HWY_DYNAMIC_DISPATCH(sum_gradients));
}

void channel_affine(const Tensor& x, const std::vector<float>& mean,
                    const std::vector<float>& scale, const std::vector<float>& shift, Tensor& y) {
  const std::vector<float> means = for_each_row(mean, x.block());
  const std::vector<float> scales = for_each_row(scale, x.block());
  const std::vector<float> shifts = for_each_row(shift, x.block());
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const int64_t at = p * x.panel_size();
      HWY_DYNAMIC_DISPATCH(affine_panel)
      (x.data() + at, means.data(), scales.data(), shifts.data(), x.panel_size(), y.data() + at);
    }
  });
}

void channel_gradient(const Tensor& dy, const Tensor& x, const std::vector<float>& mean,
                      const std::vector<float>& a, const std::vector<float>& b,
                      const std::vector<float>& c, Tensor& dx) {
  const std::vector<float> means = for_each_row(mean, x.block());
  const std::vector<float> as = for_each_row(a, x.block());
  const std::vector<float> bs = for_each_row(b, x.block());
  const std::vector<float> cs = for_each_row(c, x.block());
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const int64_t at = p * x.panel_size(), live = live_lanes(x, p);
      HWY_DYNAMIC_DISPATCH(gradient_panel)
      (dy.data() + at, x.data() + at, means.data(), as.data(), bs.data(), cs.data(), live,
       dx.data() + at);
      std::fill(dx.data() + at + live, dx.data() + at + x.panel_size(), 0.f);
    }
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
