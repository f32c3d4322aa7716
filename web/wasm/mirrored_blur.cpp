#include "web/wasm/mirrored_blur.h"

#include <algorithm>

#include "core/kernels/pool/binomial.h"

namespace weir::web {
namespace {

Axis blurred(int in, int filter_size, int stride) {
  return {.in = in + filter_size - 1, .kernel = filter_size, .stride = stride};
}

}  // namespace

MirroredBlur::MirroredBlur(int h, int w, int filter_size, int stride, int lanes)
    : filter_size_(filter_size),
      h_(h),
      w_(w),
      rows_(kernels::reflected_sources(h, border_before(), border_after())),
      columns_(kernels::reflected_sources(w, border_before(), border_after())),
      filter_(
          {.kind = kernels::PoolKind::kWeighted, .weights = kernels::binomial_filter(filter_size)},
          kernels::PoolGeometry(
              Window2d{blurred(h, filter_size, stride), blurred(w, filter_size, stride)}),
          lanes),
      mirrored_(rows_.size() * columns_.size() * static_cast<size_t>(lanes)) {}

template <class Body>
void MirroredBlur::for_copies(Body body) const {
  const auto count = static_cast<size_t>(lanes());
  size_t copy = 0;
  for (const int row : rows_) {
    for (const int column : columns_) {
      const size_t source = static_cast<size_t>(row * w_ + column) * count;
      for (size_t lane = 0; lane < count; ++lane) body(copy++, source + lane);
    }
  }
}

void MirroredBlur::forward(const float* x, const float* uniform) {
  for_copies([&](size_t copy, size_t source) { mirrored_[copy] = x[source]; });
  filter_.forward(mirrored_.data(), uniform);
}

void MirroredBlur::backward(const float* dy, float* dx) {
  std::vector<float> of_copies(mirrored_.size());
  filter_.backward(dy, of_copies.data());
  std::fill_n(dx, h_ * w_ * lanes(), 0.f);
  for_copies([&](size_t copy, size_t source) { dx[source] += of_copies[copy]; });
}

}  // namespace weir::web
