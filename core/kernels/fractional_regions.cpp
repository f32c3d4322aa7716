#include "core/kernels/fractional_regions.h"

#include <algorithm>

#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"

namespace weir::kernels {
namespace {

// PyTorch's FractionalMaxPool2d.cpp, in float as there: the same sums round the same way.
void fixed_edges(const FractionalSize& size, float u, int32_t* edges, int stride) {
  const int last = size.in - size.kernel;
  const float alpha =
      size.out > 1 ? static_cast<float>(last) / static_cast<float>(size.out - 1) : 0;
  const int shift = static_cast<int>(u * alpha);
  for (int i = 0; i + 1 < size.out; ++i) {
    edges[i * stride] = static_cast<int>((static_cast<float>(i) + u) * alpha) - shift;
  }
  edges[(size.out - 1) * stride] = last;
}

// ceil(alpha * (i + u)) - ceil(alpha * u) with alpha = length / out, in integers: u is taken as an
// odd multiple of 2^-25, so that it is never 0.
void pseudorandom_edges(int length, int out, float u, int32_t* edges, int stride) {
  constexpr int64_t kOne = int64_t{1} << 25;
  const int64_t offset = 2 * static_cast<int64_t>(u * 0x1p24f) + 1;
  const auto ceiling = [&](int64_t i) {
    return (length * (i * kOne + offset) + out * kOne - 1) / (out * kOne);
  };
  for (int i = 0; i <= out; ++i) {
    edges[i * stride] = static_cast<int32_t>(ceiling(i) - ceiling(0));
  }
}

// As many steps of 2 as make up the length; which ones is drawn (Fisher and Yates).
void random_edges(int length, int out, uint64_t seed, int32_t* edges, int stride) {
  std::vector<int> steps(static_cast<size_t>(out), 1);
  std::fill_n(steps.begin(), length - out, 2);
  Philox random(seed, Purpose::kFractional);
  for (uint32_t i = static_cast<uint32_t>(out); i > 1; --i) {
    std::swap(steps[i - 1], steps[random.below(i)]);
  }
  int32_t edge = 0;
  for (int i = 0; i <= out; ++i) {
    edges[i * stride] = edge;
    if (i < out) edge += steps[static_cast<size_t>(i)];
  }
}

}  // namespace

void draw_edges(const FractionalSize& size, FractionalRegions regions, FractionalSequence sequence,
                const FractionalDraw& draw, int32_t* edges, int stride) {
  if (regions == FractionalRegions::kFixed) return fixed_edges(size, draw.u, edges, stride);
  // The last of the overlapping windows ends on the pixel that its edge is.
  const int length = regions == FractionalRegions::kDisjoint ? size.in : size.in - 1;
  if (sequence == FractionalSequence::kRandom) {
    random_edges(length, size.out, draw.seed, edges, stride);
  } else {
    pseudorandom_edges(length, size.out, draw.u, edges, stride);
  }
}

FractionalAxis::FractionalAxis(const FractionalSize& size, FractionalRegions regions,
                               FractionalSequence sequence,
                               const std::vector<FractionalDraw>& draws, const Tensor& images)
    : size_(size),
      next_(regions == FractionalRegions::kFixed ? 0 : 1),
      reach_(regions == FractionalRegions::kFixed      ? size.kernel
             : regions == FractionalRegions::kDisjoint ? 0
                                                       : 1),
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
