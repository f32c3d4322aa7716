#include "core/kernels/fractional_regions.h"

#include <algorithm>

#include "core/runtime/parallel.h"

namespace weir::kernels {

FractionalAxis::FractionalAxis(const FractionalSize& size, FractionalRegions regions,
                               FractionalSequence sequence,
                               const std::vector<FractionalDraw>& draws, const Tensor& images)
    : size_(size),
      next_(reach_of(regions, size.kernel).next),
      reach_(reach_of(regions, size.kernel).reach),
      panel_(images.panel_size()),
      groups_(static_cast<int>((panel_ + kGroup - 1) / kGroup)),
      edges_(Tensor::empty({images.blocks(), size.out + next_, panel_}, DType::kI32)),
      inputs_(at(images.blocks(), 0, 0, size.out)),
      outputs_(at(images.blocks(), 0, 0, size.in)) {
  const int channels = images.c();
  parallel_for(int64_t{images.blocks()} * groups_, [&](int64_t item) {
    const int nb = static_cast<int>(item / groups_), group = static_cast<int>(item % groups_);
    std::vector<int32_t> edges(static_cast<size_t>((size.out + next_) * kGroup));
    const int64_t first = int64_t{group} * kGroup, last = std::min(first + kGroup, panel_);
    for (int64_t lane = first; lane < last; ++lane) {
      const int64_t image = int64_t{nb} * images.block() + lane / channels;
      const int64_t drawn = image < images.n() ? image * channels + lane % channels : 0;
      draw_edges(size, regions, sequence, draws[static_cast<size_t>(drawn)],
                 edges.data() + (lane - first), kGroup);
    }
    keep_group(nb, group, edges);
  });
}

void FractionalAxis::keep_group(int nb, int group, const std::vector<int32_t>& edges) {
  const int64_t first = int64_t{group} * kGroup;
  const int64_t count = std::min<int64_t>(kGroup, panel_ - first);
  for (int o = 0; o < out() + next_; ++o) {
    int32_t* to = edges_.data<int32_t>() + (int64_t{nb} * (out() + next_) + o) * panel_ + first;
    std::copy_n(edges.data() + o * kGroup, count, to);
  }
  std::fill_n(outputs_.begin() + static_cast<ptrdiff_t>(at(nb, group, 0, in())), in(),
              Range{out(), 0});
  for (int o = 0; o < out(); ++o) {
    const int32_t *begins = edges.data() + o * kGroup, *ends = begins + next_ * kGroup;
    const Range covered{*std::min_element(begins, begins + count),
                        *std::max_element(ends, ends + count) + reach_};
    inputs_[at(nb, group, o, out())] = covered;
    for (int i = covered.begin; i < covered.end; ++i) {
      Range& outputs = outputs_[at(nb, group, i, in())];
      outputs = {std::min(outputs.begin, o), std::max(outputs.end, o + 1)};
    }
  }
}

}  // namespace weir::kernels
