#include "web/wasm/max_blur.h"

#include <algorithm>

namespace weir::web {
namespace {

kernels::PoolGeometry at_stride_one(int h, int w, int kernel) {
  return kernels::PoolGeometry(Window2d{{.in = h, .kernel = kernel}, {.in = w, .kernel = kernel}});
}

// From the first input of the first maximum that an output of the blur reads, to the last one of
// the last. source(i): the maximum that position i of the map with its border is a copy of.
template <class Source>
kernels::PoolAxis seen_through(const kernels::PoolAxis& blur, int in, int kernel, Source source) {
  std::vector<Range> windows;
  for (int o = 0; o < blur.out(); ++o) {
    const kernels::PoolSpan& span = blur.span(o);
    Range maxima{source(span.first_input), source(span.first_input)};
    for (int tap = 1; tap < span.taps; ++tap) {
      const int at = source(span.first_input + tap);
      maxima = {std::min(maxima.begin, at), std::max(maxima.end, at)};
    }
    windows.push_back({maxima.begin, maxima.end + kernel});
  }
  return kernels::PoolAxis::of(in, windows);
}

}  // namespace

MaxBlur::MaxBlur(int h, int w, int kernel, int filter_size, int stride, int lanes)
    : max_({.kind = kernels::PoolKind::kMax}, at_stride_one(h, w, kernel), lanes),
      blur_(max_.geometry().y.out(), max_.geometry().x.out(), filter_size, stride, lanes),
      seen_(seen_through(blur_.geometry().y, h, kernel,
                         [this](int row) { return blur_.row_source(row); }),
            seen_through(blur_.geometry().x, w, kernel,
                         [this](int column) { return blur_.column_source(column); })) {}

void MaxBlur::forward(const float* x, const float* uniform) {
  max_.forward(x, uniform);
  blur_.forward(max_.output().data(), uniform);
}

void MaxBlur::backward(const float* dy, float* dx) {
  std::vector<float> of_maxima(max_.output().size());
  blur_.backward(dy, of_maxima.data());
  max_.backward(of_maxima.data(), dx);
}

}  // namespace weir::web
