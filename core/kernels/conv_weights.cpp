#include "core/kernels/conv_weights.h"

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

void unpack_weights(const ConvShape& shape, const float* packed, Tensor& weight) {
  float* to = weight.data();
  parallel_ranges(shape.k, 16, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      for_channel_weights(shape, k, [&](int64_t torch, int64_t gemm) { to[torch] = packed[gemm]; });
    }
  });
}

}  // namespace weir::kernels
