#include "core/kernels/batch_norm.h"

#include <algorithm>
#include <span>
#include <type_traits>

#include "core/kernels/repeated_rows.h"
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

// The numbers of ChannelAffine, one of each for consecutive lanes. Tensors are aligned: a register
// that crosses a cache line costs twice.
struct LaneAffine {
  Tensor mean, scale, shift;
  bool relu = false;
};
struct LaneFactors {
  Tensor a, b, c;
};

// Two sums for each of the lanes that the coefficients are repeated for.
struct LaneSums {
  explicit LaneSums(const LaneAffine& lanes)
      : first(Tensor::zeros(lanes.mean.shape())), second(Tensor::zeros(lanes.mean.shape())) {}
  Tensor first, second;
};

// `count` consecutive stored values from number `at`; dy is null in the forward pass.
struct Values {
  const Tensor *x = nullptr, *dy = nullptr;
  int64_t at = 0, count = 0;
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// The coefficients of consecutive lanes.
struct Affine {
  explicit Affine(const LaneAffine& lanes)
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

// Calls body(offset, lanes) for runs of as many values as there are coefficients.
template <class Body>
HWY_INLINE void for_runs(int64_t count, const LaneAffine& lanes, Body body) {
  const int64_t step = lanes.mean.numel();
  for (int64_t offset = 0; offset < count; offset += step) {
    body(offset, std::min(step, count - offset));
  }
}

// first += g and second += g * (x - mean).
template <class T, bool kRelu>
void add_gradients_of(const Values& values, const LaneAffine& lanes, LaneSums& sums) {
  const T *x_begin = values.x->data<T>() + values.at, *dy_begin = values.dy->data<T>() + values.at;
  float *first = sums.first.data(), *second = sums.second.data();
  for_runs(values.count, lanes,
           [=, affine = Affine(lanes)](int64_t offset, int64_t count) HWY_ATTR {
             const T *x = x_begin + offset, *dy = dy_begin + offset;
             for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
               using V = Lanes<D>;
               const V d = V::load(x + i) - V::load(affine.mean + i);
               const V g = affine.template pull<kRelu>(V::load(dy + i), d, i);
               (V::load(first + i) + g).store(first + i);
               fma(g, d, V::load(second + i)).store(second + i);
             });
           });
}

void add_gradients(const Values& values, const LaneAffine& lanes, LaneSums& sums) {
  with_form(*values.x, lanes.relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    add_gradients_of<T, Relu::value>(values, lanes, sums);
  });
}

void affine_values(const Values& values, const LaneAffine& lanes, Tensor& out) {
  with_form(out, lanes.relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    const T* x_begin = values.x->data<T>() + values.at;
    T* y_begin = out.data<T>() + values.at;
    for_runs(values.count, lanes,
             [=, affine = Affine(lanes)](int64_t offset, int64_t count) HWY_ATTR {
               const T* x = x_begin + offset;
               T* y = y_begin + offset;
               for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
                 using V = Lanes<D>;
                 V value = affine(V::load(x + i) - V::load(affine.mean + i), i);
                 if constexpr (Relu::value) value = select(value <= V(0.f), V(0.f), value);
                 value.store(y + i);
               });
             });
  });
}

template <class T, bool kRelu>
void gradient_of(const Values& values, const LaneAffine& lanes, const LaneFactors& factors,
                 Tensor& out) {
  const T *x_begin = values.x->data<T>() + values.at, *dy_begin = values.dy->data<T>() + values.at;
  T* dx_begin = out.data<T>() + values.at;
  const float *a = factors.a.data(), *b = factors.b.data(), *c = factors.c.data();
  for_runs(values.count, lanes,
           [=, affine = Affine(lanes)](int64_t offset, int64_t count) HWY_ATTR {
             const T *x = x_begin + offset, *dy = dy_begin + offset;
             T* dx = dx_begin + offset;
             for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
               using V = Lanes<D>;
               const V d = V::load(x + i) - V::load(affine.mean + i);
               const V g = affine.template pull<kRelu>(V::load(dy + i), d, i);
               fma(g, V::load(a + i), fma(d, V::load(b + i), V::load(c + i))).store(dx + i);
             });
           });
}

void gradient_values(const Values& values, const LaneAffine& lanes, const LaneFactors& factors,
                     Tensor& out) {
  with_form(out, lanes.relu, [&]<class T, class Relu>(T, Relu) HWY_ATTR {
    gradient_of<T, Relu::value>(values, lanes, factors, out);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(add_gradients);
HWY_EXPORT(affine_values);
HWY_EXPORT(gradient_values);

int64_t pixels(const Tensor& images) { return int64_t{images.h()} * images.w(); }
int64_t panels(const Tensor& images) { return images.blocks() * pixels(images); }

// The values of the channels, once for each of `rows` rows: lanes then need no channel number.
Tensor for_each_row(const std::vector<float>& values, int rows) {
  const auto channels = static_cast<int64_t>(values.size());
  Tensor lanes = Tensor::empty({rows, channels});
  for (int row = 0; row < rows; ++row) {
    std::copy(values.begin(), values.end(), lanes.data() + row * channels);
  }
  return lanes;
}

LaneAffine for_each_row(const ChannelAffine& affine, int rows) {
  return {.mean = for_each_row(affine.mean, rows),
          .scale = for_each_row(affine.scale, rows),
          .shift = for_each_row(affine.shift, rows),
          .relu = affine.relu};
}

// The live values of panel p.
Values values_of(const Tensor& x, const Tensor* dy, int64_t p) {
  const auto nb = static_cast<int>(p / pixels(x));
  return {.x = &x, .dy = dy, .at = p * x.panel_size(), .count = x.live_lanes(nb)};
}

// Adds the lanes of each channel to it, and starts the lanes again from zero.
void fold(Tensor& lanes, std::span<double> channels) {
  const auto width = static_cast<int64_t>(channels.size());
  for (int64_t row = 0; row < lanes.numel(); row += width) {
    for (int64_t c = 0; c < width; ++c) {
      channels[static_cast<size_t>(c)] += double{lanes.data()[row + c]};
    }
  }
  std::fill_n(lanes.data(), lanes.numel(), 0.f);
}

// The sums over panels [begin, end).
void add_panels(const Tensor& dy, const Tensor& x, const LaneAffine& lanes, int64_t begin,
                int64_t end, std::span<double> first, std::span<double> second) {
  // A lane takes about this many numbers in single precision before it is added to a double: its
  // error stays below 128 * 2^-24 = 8e-6 of its terms.
  constexpr int64_t kRun = 128;
  const int64_t rows = lanes.mean.shape()[0];
  const int64_t panels_together = std::max<int64_t>(kRun * rows / x.block(), 1);
  LaneSums sums(lanes);
  for (int64_t p = begin; p < end; ++p) {
    HWY_DYNAMIC_DISPATCH(add_gradients)(values_of(x, &dy, p), lanes, sums);
    if ((p - begin) % panels_together == panels_together - 1 || p + 1 == end) {
      fold(sums.first, first);
      fold(sums.second, second);
    }
  }
}

}  // namespace

// Fixed chunks of panels, added in order: the number of threads changes nothing.
ChannelSums channel_gradient_sums(const Tensor& dy, const Tensor& x, const ChannelAffine& affine) {
  const auto channels = static_cast<size_t>(x.c());
  const LaneAffine lanes = for_each_row(affine, repeated_rows(x));
  const int64_t count = panels(x);
  const int chunks = static_cast<int>(std::min<int64_t>(count, reduction_chunks(x.stored())));
  std::vector<double> partial(static_cast<size_t>(chunks) * 2 * channels);
  parallel_for(chunks, [&](int64_t chunk) {
    const std::span<double> mine =
        std::span(partial).subspan(static_cast<size_t>(chunk) * 2 * channels, 2 * channels);
    add_panels(dy, x, lanes, count * chunk / chunks, count * (chunk + 1) / chunks,
               mine.first(channels), mine.last(channels));
  });
  ChannelSums sums{std::vector<double>(channels), std::vector<double>(channels)};
  for (size_t i = 0; i < partial.size(); ++i) {
    std::vector<double>& into = i / channels % 2 == 0 ? sums.first : sums.second;
    into[i % channels] += partial[i];
  }
  return sums;
}

void channel_affine(const Tensor& x, const ChannelAffine& affine, Tensor& y) {
  const LaneAffine lanes = for_each_row(affine, repeated_rows(x));
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(affine_values)
    ({.x = &x, .at = begin * x.panel_size(), .count = (end - begin) * x.panel_size()}, lanes, y);
  });
}

void channel_gradient(const Tensor& dy, const Tensor& x, const ChannelAffine& affine,
                      const GradientFactors& factors, Tensor& dx) {
  const int rows = repeated_rows(x);
  const LaneAffine lanes = for_each_row(affine, rows);
  const LaneFactors each{.a = for_each_row(factors.a, rows),
                         .b = for_each_row(factors.b, rows),
                         .c = for_each_row(factors.c, rows)};
  parallel_ranges(panels(x), x.w(), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      HWY_DYNAMIC_DISPATCH(gradient_values)(values_of(x, &dy, p), lanes, each, dx);
    }
  });
  clear_padded_rows(dx);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
