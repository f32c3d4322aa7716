#include "core/kernels/pool/geometry.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace weir::kernels {
namespace {

std::vector<PoolSpan> sliding_spans(const Axis& axis) {
  std::vector<PoolSpan> spans(static_cast<size_t>(axis.out()));
  for (int o = 0; o < axis.out(); ++o) {
    const Range taps = axis.taps(o);
    const int before_right_edge = div_ceil(axis.in + axis.pad - axis.origin(o), axis.dilation);
    spans[static_cast<size_t>(o)] = {.first_input = axis.origin(o) + taps.begin * axis.dilation,
                                     .first_tap = taps.begin,
                                     .taps = taps.size(),
                                     .padded = std::min(axis.kernel, before_right_edge)};
  }
  return spans;
}

}  // namespace

PoolAxis::PoolAxis(const Axis& axis)
    : PoolAxis(axis.in, axis.kernel, axis.dilation, sliding_spans(axis)) {}

PoolAxis PoolAxis::of(int in, std::span<const Range> windows) {
  std::vector<PoolSpan> spans;
  int most = 0;
  for (const Range& window : windows) {
    spans.push_back({.first_input = window.begin,
                     .first_tap = 0,
                     .taps = window.size(),
                     .padded = window.size()});
    most = std::max(most, window.size());
  }
  return PoolAxis(in, most, 1, std::move(spans));
}

PoolAxis PoolAxis::adaptive(int in, int out) {
  std::vector<Range> windows;
  for (int64_t o = 0; o < out; ++o) {
    windows.push_back(
        {static_cast<int>(o * in / out), static_cast<int>(((o + 1) * in + out - 1) / out)});
  }
  return of(in, windows);
}

PoolAxis::PoolAxis(int in, int kernel, int step, std::vector<PoolSpan> spans)
    : in_(in), kernel_(kernel), step_(step), spans_(std::move(spans)) {
  std::vector<std::vector<PoolCover>> of_input(static_cast<size_t>(in));
  for (int o = 0; o < out(); ++o) {
    for (int t = 0; t < span(o).taps; ++t) {
      const auto input = static_cast<size_t>(span(o).first_input + t * step);
      of_input[input].push_back({.output = o, .tap = span(o).first_tap + t});
    }
  }
  cover_begin_.push_back(0);
  for (const std::vector<PoolCover>& covers : of_input) {
    covers_.insert(covers_.end(), covers.begin(), covers.end());
    cover_begin_.push_back(static_cast<int>(covers_.size()));
  }
}

}  // namespace weir::kernels
