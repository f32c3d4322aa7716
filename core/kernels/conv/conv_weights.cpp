#include "core/kernels/conv/conv_weights.h"

#include <algorithm>
#include <bit>

#include "core/kernels/gemm/transpose.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// A cache line of output channels: weights are transposed by strips of so many.
constexpr int kStrip = 16;

// Calls body(k, count, strip) for the strips of output channels. `strip` has room for their
// transpose, (C * taps) rows of kStrip, the order of PyTorch along the rows.
template <class Body>
void for_strips(const ConvShape& shape, Body body) {
  const int64_t rows = int64_t{shape.group_c()} * shape.taps();
  parallel_ranges(shape.k, kStrip, [&](int64_t begin, int64_t end) {
    Tensor strip = Tensor::empty({rows, kStrip});
    body(begin, end - begin, strip.data());
  });
}

// Calls body(row of a strip, row of the GEMM's order (tap, C)).
template <class Body>
void for_rows(const ConvShape& shape, Body body) {
  const int64_t taps = shape.taps(), channels = shape.group_c();
  for (int64_t tap = 0; tap < taps; ++tap) {
    for (int64_t c = 0; c < channels; ++c) body(c * taps + tap, tap * channels + c);
  }
}

// Part number `index` of [0, count) in steps.
Range part_of(int count, int step, int index, int parts) {
  const int steps = div_ceil(count, step);
  const auto at = [&](int i) { return std::min(steps * i / parts * step, count); };
  return {at(index), at(index + 1)};
}

}  // namespace

Tensor pack_weights(const ConvShape& shape, const Tensor& weight) {
  Tensor packed = Tensor::empty({shape.taps(), shape.group_c(), shape.k});
  const int64_t row = int64_t{shape.group_c()} * shape.taps();
  for_strips(shape, [&](int64_t k, int64_t count, float* strip) {
    transpose({.rows = count, .columns = row, .from_row = row, .to_row = kStrip},
              weight.data() + k * row, strip);
    for_rows(shape, [&](int64_t from, int64_t to) {
      std::copy_n(strip + from * kStrip, count, packed.data() + to * shape.k + k);
    });
  });
  return packed;
}

Tensor pack_weights_transposed(const ConvShape& shape, const Tensor& weight) {
  const int64_t taps = shape.taps(), group_c = shape.group_c(), group_k = shape.group_k();
  Tensor packed = Tensor::empty({taps, group_k, shape.c});
  const float* from = weight.data();
  float* to = packed.data();
  parallel_ranges(shape.k, 16, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      const int64_t group = k / group_k, row = k % group_k;
      for (int64_t tap = 0; tap < taps; ++tap) {
        float* columns = to + (tap * group_k + row) * shape.c + group * group_c;
        for (int64_t c = 0; c < group_c; ++c) columns[c] = from[(k * group_c + c) * taps + tap];
      }
    }
  });
  return packed;
}

void unpack_weights(const ConvShape& shape, const float* packed, Tensor& weight) {
  const int64_t row = int64_t{shape.group_c()} * shape.taps();
  for_strips(shape, [&](int64_t k, int64_t count, float* strip) {
    for_rows(shape, [&](int64_t to, int64_t from) {
      std::copy_n(packed + from * shape.k + k, count, strip + to * kStrip);
    });
    transpose({.rows = row, .columns = count, .from_row = kStrip, .to_row = row}, strip,
              weight.data() + k * row);
  });
}

void sum_weight_gradients(const ConvShape& shape, int rows,
                          FunctionRef<void(int64_t begin, int64_t end, float* dw)> sum_rows,
                          Tensor& dweight, int most_chunks) {
  const int chunks = std::min(rows, most_chunks);
  Tensor partial = Tensor::empty({chunks, shape.weights()});
  parallel_for(chunks, [&](int64_t chunk) {
    sum_rows(rows * chunk / chunks, rows * (chunk + 1) / chunks,
             partial.data() + chunk * shape.weights());
  });
  tree_sum(partial.data(), chunks, shape.weights(), shape.weights());
  unpack_weights(shape, partial.data(), dweight);
}

void sum_weight_slices(const ConvShape& shape, int rows, int channel_step,
                       FunctionRef<void(Range rows, Range channels, float* dw)> sum,
                       Tensor& dweight) {
  constexpr int kMostChunks = 16, kEnoughJobs = 8;
  constexpr int64_t kPrivateFloats = int64_t{3} << 19;  // 6 MiB for all copies together
  const auto copies = static_cast<uint64_t>(
      std::clamp<int64_t>(kPrivateFloats / shape.weights(), 1, std::min(rows, kMostChunks)));
  const int chunks = static_cast<int>(std::bit_floor(copies));
  const int slices =
      std::min(div_ceil(kEnoughJobs, chunks), div_ceil(shape.group_c(), channel_step));
  Tensor partial = Tensor::empty({chunks, shape.weights()});
  parallel_for(int64_t{chunks} * slices, [&](int64_t job) {
    const int chunk = static_cast<int>(job) / slices, slice = static_cast<int>(job) % slices;
    sum(part_of(rows, 1, chunk, chunks), part_of(shape.group_c(), channel_step, slice, slices),
        partial.data() + chunk * shape.weights());
  });
  tree_sum(partial.data(), chunks, shape.weights(), shape.weights());
  unpack_weights(shape, partial.data(), dweight);
}

}  // namespace weir::kernels
