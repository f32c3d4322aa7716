#include "core/kernels/fractional_edges.h"

#include <algorithm>
#include <utility>
#include <vector>

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

FractionalDraws draws_of(const UniformStream& stream, uint32_t image, uint32_t channel) {
  const PhiloxBlock words = uniform_words(stream, Purpose::kFractional, channel, image);
  return {.y = {unit_float(words[1]), uint64_t{words[3]} << 32 | words[1]},
          .x = {unit_float(words[0]), uint64_t{words[2]} << 32 | words[0]}};
}

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

}  // namespace weir::kernels
