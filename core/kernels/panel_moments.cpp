#include "core/kernels/panel_moments.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/panel_moments.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

#ifndef WEIR_CORE_KERNELS_PANEL_MOMENTS_ONCE
#define WEIR_CORE_KERNELS_PANEL_MOMENTS_ONCE
namespace weir::kernels {

// Panels [begin, end) with their first `rows` rows.
struct MomentPanels {
  const Tensor& images;
  int64_t begin, end;
  int rows;
  const float* centres;
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// The rows of a panel, and where the sums of its channels go: of d, and of d^2 behind them.
template <class T>
struct PanelRows {
  const T* first;
  int rows;
  int64_t channels;
  const float* centres;
  float* sums;
};

// Channels [at, at + kVectors vectors).
template <class D, int kVectors, class T>
HWY_INLINE void add_vectors(const PanelRows<T>& panel, int64_t at) {
  using V = Lanes<D>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  V first[kVectors], second[kVectors], centre[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    first[v] = second[v] = V(0.f);
    centre[v] = V::load(panel.centres + at + v * lanes);
  }
  const T* x = panel.first + at;
  for (int row = 0; row < panel.rows; ++row, x += panel.channels) {
    for (int v = 0; v < kVectors; ++v) {
      const V d = V::load(x + v * lanes) - centre[v];
      first[v] = first[v] + d;
      second[v] = fma(d, d, second[v]);
    }
  }
  for (int v = 0; v < kVectors; ++v) {
    first[v].store(panel.sums + at + v * lanes);
    second[v].store(panel.sums + panel.channels + at + v * lanes);
  }
}

// From channel `at` on as many as kVectors vectors fit; returns the first one left.
template <class D, int kVectors, class T>
HWY_INLINE int64_t add_all_vectors(const PanelRows<T>& panel, int64_t at) {
  const auto step = static_cast<int64_t>(hn::Lanes(D())) * kVectors;
  for (; at + step <= panel.channels; at += step) add_vectors<D, kVectors>(panel, at);
  return at;
}

// Several vectors at a time hide the latency of a sum; what is left takes halves of vectors.
template <class T>
HWY_INLINE void add_panel(const PanelRows<T>& panel) {
  int64_t at = add_all_vectors<Wide, 4>(panel, 0);
  at = add_all_vectors<Wide, 2>(panel, at);
  at = add_all_vectors<Wide, 1>(panel, at);
  at = add_all_vectors<hn::CappedTag<float, 8>, 1>(panel, at);
  at = add_all_vectors<hn::CappedTag<float, 4>, 1>(panel, at);
  at = add_all_vectors<hn::CappedTag<float, 2>, 1>(panel, at);
  add_all_vectors<Single, 1>(panel, at);
}

// sums (panels, 2, C) = those of each panel.
void add_panels(const MomentPanels& panels, float* sums) {
  with_storage(panels.images.dtype(), [&]<class T>(T) HWY_ATTR {
    const int64_t channels = panels.images.c(), size = panels.images.panel_size();
    for (int64_t p = panels.begin; p < panels.end; ++p) {
      add_panel<T>({panels.images.data<T>() + p * size, panels.rows, channels, panels.centres,
                    sums + p * 2 * channels});
    }
  });
}

// to[i] += from[i]
void add_as_doubles(const float* from, int64_t count, double* to) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> halves;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto wide = hn::PromoteTo(d, hn::LoadU(halves, from + i));
    hn::StoreU(hn::Add(hn::LoadU(d, to + i), wide), d, to + i);
  }
  for (; i < count; ++i) to[i] += double{from[i]};
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(add_panels);
HWY_EXPORT(add_as_doubles);

// The sums of all panels: C of d, then C of d^2. In fixed chunks, added in order.
std::vector<double> total_of(const Tensor& sums) {
  const int64_t panels = sums.shape()[0], width = sums.shape()[1] * sums.shape()[2];
  const int chunks = reduction_chunks(sums.numel());
  std::vector<double> partial(static_cast<size_t>(chunks * width));
  parallel_for(chunks, [&](int64_t chunk) {
    for (int64_t p = panels * chunk / chunks; p < panels * (chunk + 1) / chunks; ++p) {
      HWY_DYNAMIC_DISPATCH(add_as_doubles)
      (sums.data() + p * width, width, partial.data() + chunk * width);
    }
  });
  const auto first = static_cast<size_t>(width);
  for (size_t i = first; i < partial.size(); ++i) partial[i % first] += partial[i];
  partial.resize(first);
  return partial;
}

}  // namespace

PanelMoments::PanelMoments(std::span<const float> centres)
    : centres_(centres.begin(), centres.end()) {}

void PanelMoments::start(const Tensor& images) {
  require(images.c() == static_cast<int>(centres_.size()),
          "[batch_norm] expected images of {} channels, got {}", centres_.size(),
          images.shape().str());
  sums_ = Tensor::empty({int64_t{images.blocks()} * images.h() * images.w(), 2, images.c()});
}

void PanelMoments::add(const Tensor& images, int nb, int y, Range columns) {
  const int64_t first = (int64_t{nb} * images.h() + y) * images.w();
  HWY_DYNAMIC_DISPATCH(add_panels)
  ({images, first + columns.begin, first + columns.end, images.live_rows(nb), centres_.data()},
   sums_.data());
}

void PanelMoments::add(const Tensor& images) {
  parallel_for(int64_t{images.blocks()} * images.h(), [&](int64_t row) {
    add(images, static_cast<int>(row / images.h()), static_cast<int>(row % images.h()),
        {0, images.w()});
  });
}

MeanVariance PanelMoments::around_centres(int64_t count) const {
  const std::vector<double> sums = total_of(sums_);
  MeanVariance found;
  for (size_t c = 0; c < centres_.size(); ++c) {
    const double offset = sums[c] / static_cast<double>(count);
    const double squares = sums[centres_.size() + c] / static_cast<double>(count);
    found.mean.push_back(double{centres_[c]} + offset);
    found.variance.push_back(std::max(squares - offset * offset, 0.0));
  }
  return found;
}

bool PanelMoments::near_centres(const MeanVariance& found, double eps) const {
  for (size_t c = 0; c < centres_.size(); ++c) {
    const double offset = found.mean[c] - double{centres_[c]};
    const double variance = found.variance[c];
    if (!std::isfinite(variance) || offset * offset > variance + eps) return false;
  }
  return true;
}

MeanVariance PanelMoments::result(const Tensor& images, double eps) {
  const int64_t count = images.numel() / images.c();
  const MeanVariance found = around_centres(count);
  if (near_centres(found, eps)) return found;
  centres_.assign(found.mean.begin(), found.mean.end());
  add(images);
  return around_centres(count);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
