#include "core/kernels/batch_norm.h"

#include <algorithm>
#include <span>
#include <type_traits>

#include "core/runtime/parallel.h"
#include "core/tensor/layout.h"

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

// Consecutive panels of one block; dy is null in the forward pass.
struct PanelRun {
  const Tensor *x, *dy;
  int64_t begin, panels;
  int64_t live;                 // lanes of live rows, at the start of each panel
  const ChannelAffine* affine;  // one of each for every lane of a panel
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// The coefficients of consecutive lanes.
struct Affine {
  explicit Affine(const ChannelAffine& lanes)
      : mean(lanes.mean.data()), scale(lanes.scale.data()), shift(lanes.shift.data()) {}
  template <class V>
  HWY_INLINE V operator()(V deviation, int64_t i) const {
    return fma(deviation, V::load(scale + i), V::load(shift + i));
  }
  // The gradient in front of the ReLU; NaN lets it pass, as in the ReLU's own backward.
  template <bool kRelu, class V>
  HWY_INLINE V pull(V dy, V deviation, int64_t i) const {
    if constexpr (kRelu) {
      return select((*this)(deviation, i) <= V(0.f), V(0.f), dy);
    } else {
      return dy;
    }
  }
  const float *mean, *scale, *shift;
};

// Calls body(T(), relu) with what x is stored as, and relu a constant.
template <class Body>
HWY_INLINE void with_form(const Tensor& x, bool relu, Body body) {
  with_storage(x.dtype(), [&](auto storage) HWY_ATTR {
    if (relu) {
      body(storage, std::true_type());
    } else {
      body(storage, std::false_type());
    }
  });
}

// Calls body(panel number, slice begin, slice end): all panels of a run slice by slice, so that the
// sums of a slice stay in the innermost cache.
template <class Body>
HWY_INLINE void for_slices(const PanelRun& run, Body body) {
  constexpr int64_t kSlice = 1024;
  for (int64_t begin = 0; begin < run.live; begin += kSlice) {
    for (int64_t p = 0; p < run.panels; ++p) body(p, begin, std::min(begin + kSlice, run.live));
  }
}

// first[lane] = sum of d and second[lane] = sum of d^2 over the panels, with d = x - mean.
template <class T>
void moments_of_run(const PanelRun& run, float* first, float* second) {
  const float* mean = run.affine->mean.data();
  const int64_t panel_size = run.x->panel_size();
  const T* begin = run.x->data<T>() + run.begin * panel_size;
  for_slices(run, [=](int64_t p, int64_t from, int64_t to) HWY_ATTR {
    const T* x = begin + p * panel_size;
    for_lanes(from, to, [=]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V d = V::load(x + i) - V::load(mean + i);
      (p == 0 ? d : V::load(first + i) + d).store(first + i);
      (p == 0 ? d * d : fma(d, d, V::load(second + i))).store(second + i);
    });
  });
}

// first[lane] = sum of g and second[lane] = sum of g * (x - mean).
template <class T, bool kRelu>
void gradients_of_run(const PanelRun& run, float* first, float* second) {
  const Affine affine(*run.affine);
  const int64_t panel_size = run.x->panel_size(), offset = run.begin * panel_size;
  const T *x_begin = run.x->data<T>() + offset, *dy_begin = run.dy->data<T>() + offset;
  for_slices(run, [=](int64_t p, int64_t from, int64_t to) HWY_ATTR {
    const T *x = x_begin + p * panel_size, *dy = dy_begin + p * panel_size;
    for_lanes(from, to, [=]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V d = V::load(x + i) - V::load(affine.mean + i);
      const V g = affine.pull<kRelu>(V::load(dy + i), d, i);
      (p == 0 ? g : V::load(first + i) + g).store(first + i);
      (p == 0 ? g * d : fma(g, d, V::load(second + i))).store(second + i);
    });
  });
}

void sum_moments(const PanelRun& run, float* first, float* second) {
  with_storage(run.x->dtype(), [&]<class T>(T) HWY_ATTR { moments_of_run<T>(run, first, second); });
}

void sum_gradients(const PanelRun& run, float* first, float* second) {
  with_form(*run.x, run.affine->relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    gradients_of_run<T, Relu::value>(run, first, second);
  });
}

// `count` stored values from number `at`, the lanes of `lanes`.
void affine_lanes(const Tensor& x, const ChannelAffine& lanes, int64_t at, int64_t count,
                  Tensor& y) {
  with_form(x, lanes.relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    const T* from = x.data<T>() + at;
    T* to = y.data<T>() + at;
    for_lanes(0, count, [=, affine = Affine(lanes)]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      V value = affine(V::load(from + i) - V::load(affine.mean + i), i);
      if constexpr (Relu::value) value = select(value <= V(0.f), V(0.f), value);
      value.store(to + i);
    });
  });
}

void gradient_lanes(const Tensor& dy, const Tensor& x, const ChannelAffine& lanes,
                    const GradientFactors& factors, int64_t at, int64_t count, Tensor& dx) {
  const float *a = factors.a.data(), *b = factors.b.data(), *c = factors.c.data();
  with_form(x, lanes.relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    const T *from_x = x.data<T>() + at, *from_dy = dy.data<T>() + at;
    T* to = dx.data<T>() + at;
    for_lanes(0, count, [=, affine = Affine(lanes)]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V d = V::load(from_x + i) - V::load(affine.mean + i);
      const V g = affine.template pull<Relu::value>(V::load(from_dy + i), d, i);
      fma(g, V::load(a + i), fma(d, V::load(b + i), V::load(c + i))).store(to + i);
    });
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(sum_moments);
HWY_EXPORT(sum_gradients);
HWY_EXPORT(affine_lanes);
HWY_EXPORT(gradient_lanes);

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

ChannelAffine for_each_row(const ChannelAffine& affine, int rows) {
  return {.mean = for_each_row(affine.mean, rows),
          .scale = for_each_row(affine.scale, rows),
          .shift = for_each_row(affine.shift, rows),
          .relu = affine.relu};
}

// Rows to repeat the coefficients for: enough lanes for long runs of whole registers, yet so few
// that all coefficients stay in the innermost cache. It divides the rows of a panel.
int repeated_rows(const Tensor& images) {
  constexpr int kLongRun = 256, kRegister = 16;
  int rows = 1;
  while (rows < images.block() &&
         (rows * images.c() < kLongRun || rows * images.c() % kRegister != 0)) {
    rows *= 2;
  }
  return images.block() % rows == 0 ? rows : images.block();
}

// Calls body(first stored value, count) for the first `lanes` lanes of a panel, in runs of `step`.
template <class Body>
void for_runs(const Tensor& images, int64_t panel, int64_t lanes, int64_t step, Body body) {
  for (int64_t lane = 0; lane < lanes; lane += step) {
    body(panel * images.panel_size() + lane, std::min(step, lanes - lane));
  }
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
void add_runs(const Tensor& x, const Tensor* dy, const ChannelAffine& lanes, SumRun sum_run,
              int64_t begin, int64_t end, std::span<double> first, std::span<double> second) {
  std::vector<float> lanes_first(static_cast<size_t>(x.panel_size()));
  std::vector<float> lanes_second(lanes_first.size());
  for (int64_t p = begin; p < end;) {
    const int64_t block_end = (p / pixels(x) + 1) * pixels(x);
    const int64_t length = std::min({kRun, end - p, block_end - p});
    const PanelRun run{.x = &x,
                       .dy = dy,
                       .begin = p,
                       .panels = length,
                       .live = live_lanes(x, p),
                       .affine = &lanes};
    sum_run(run, lanes_first.data(), lanes_second.data());
    fold_rows(lanes_first, run.live, first);
    fold_rows(lanes_second, run.live, second);
    p += length;
  }
}

// Fixed chunks of panels, added in order: the number of threads changes nothing.
ChannelSums sum_channels(const Tensor& x, const Tensor* dy, const ChannelAffine& affine,
                         SumRun sum_run) {
  const auto channels = static_cast<size_t>(x.c());
  const ChannelAffine lanes = for_each_row(affine, x.block());
  const int64_t count = panels(x);
  const int chunks = static_cast<int>(std::min<int64_t>(count, reduction_chunks(x.stored())));
  std::vector<double> partial(static_cast<size_t>(chunks) * 2 * channels);
  parallel_for(chunks, [&](int64_t chunk) {
    const std::span<double> mine =
        std::span(partial).subspan(static_cast<size_t>(chunk) * 2 * channels, 2 * channels);
    add_runs(x, dy, lanes, sum_run, count * chunk / chunks, count * (chunk + 1) / chunks,
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
    with_storage(x.dtype(), [&]<class T>(T) {
      const T* panel = x.data<T>() + pixels(x) * s / kSamples * x.panel_size();
      for (int64_t i = 0; i < int64_t{rows} * x.c(); ++i) {
        sum[static_cast<size_t>(i) % channels] += double{to_float(panel[i])};
      }
    });
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
  ChannelSums moments =
      sum_channels(x, nullptr, {.mean = shift}, HWY_DYNAMIC_DISPATCH(sum_moments));
  const double count = static_cast<double>(x.n() * pixels(x));
  for (size_t c = 0; c < shift.size(); ++c) {
    const double offset = moments.first[c] / count;
    moments.first[c] = double{shift[c]} + offset;
    moments.second[c] = std::max(moments.second[c] / count - offset * offset, 0.0);
  }
  return moments;
}

ChannelSums channel_gradient_sums(const Tensor& dy, const Tensor& x, const ChannelAffine& affine) {
  return sum_channels(x, &dy, affine, HWY_DYNAMIC_DISPATCH(sum_gradients));
}

void channel_affine(const Tensor& x, const ChannelAffine& affine, Tensor& y) {
  const int rows = repeated_rows(x);
  const ChannelAffine lanes = for_each_row(affine, rows);
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      for_runs(x, p, x.panel_size(), int64_t{rows} * x.c(), [&](int64_t at, int64_t count) {
        HWY_DYNAMIC_DISPATCH(affine_lanes)(x, lanes, at, count, y);
      });
    }
  });
}

void channel_gradient(const Tensor& dy, const Tensor& x, const ChannelAffine& affine,
                      const GradientFactors& factors, Tensor& dx) {
  const int rows = repeated_rows(x);
  const ChannelAffine lanes = for_each_row(affine, rows);
  const GradientFactors each{.a = for_each_row(factors.a, rows),
                             .b = for_each_row(factors.b, rows),
                             .c = for_each_row(factors.c, rows)};
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      for_runs(x, p, live_lanes(x, p), int64_t{rows} * x.c(), [&](int64_t at, int64_t count) {
        HWY_DYNAMIC_DISPATCH(gradient_lanes)(dy, x, lanes, each, at, count, dx);
      });
    }
  });
  clear_padded_rows(dx);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
