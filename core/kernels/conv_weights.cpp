#include "core/kernels/conv_weights.h"

#include <algorithm>

#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// visit(index in PyTorch's order, index in GEMM order) for all weights of output channel k. Strides
// are long on one side or the other; weights are few beside activations.
template <class Visit>
void for_channel_weights(const ConvShape& shape, int64_t k, Visit visit) {
  const int64_t taps = shape.taps(), c = shape.group_c();
  for (int64_t channel = 0; channel < c; ++channel) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      visit((k * c + channel) * taps + tap, (tap * c + channel) * shape.k + k);
    }
  }
}

}  // namespace

Tensor pack_weights(const ConvShape& shape, const Tensor& weight) {
  Tensor packed = Tensor::empty({shape.taps(), shape.group_c(), shape.k});
  const float* from = weight.data();
  float* to = packed.data();
  parallel_ranges(shape.k, 16, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      for_channel_weights(shape, k, [&](int64_t torch, int64_t gemm) { to[gemm] = from[torch]; });
    }
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
  float* to = weight.data();
  parallel_ranges(shape.k, 16, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      for_channel_weights(shape, k, [&](int64_t torch, int64_t gemm) { to[torch] = packed[gemm]; });
    }
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

}  // namespace weir::kernels
