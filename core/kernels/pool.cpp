#include "core/kernels/pool.h"

#include <algorithm>
#include <array>

#include "core/kernels/cast.h"
#include "core/kernels/pool/task.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/pool.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/pool/kinds-inl.h"
#include "core/kernels/pool/loops-inl.h"
#include "core/kernels/pool/reference-inl.h"

#ifndef WEIR_CORE_KERNELS_POOL_ONCE
#define WEIR_CORE_KERNELS_POOL_ONCE
namespace weir::kernels {

// Those of one pass; null or undefined where it has none.
struct PoolTensors {
  const Tensor *x, *y, *notes, *uniform, *dy, *dx;
  DType storage() const { return (dy != nullptr ? *dy : *x).dtype(); }
};

// PoolBlock says which ones a kernel writes.
template <class T>
T* block_of(const Tensor* tensor, int nb) {
  if (tensor == nullptr || !tensor->defined()) return nullptr;
  return const_cast<T*>(tensor->panel<T>(nb, 0, 0));
}

template <class T>
PoolBlock<T> block_at(const PoolTensors& t, int nb) {
  const Tensor& any = t.dy != nullptr ? *t.dy : *t.x;
  const auto notes_as = [&](DType type) {
    return t.notes->defined() && t.notes->dtype() == type ? t.notes : nullptr;
  };
  return {.panel = any.panel_size(),
          .x = block_of<T>(t.x, nb),
          .y = block_of<T>(t.y, nb),
          .winners = block_of<uint8_t>(notes_as(DType::kU8), nb),
          .winners_wide = block_of<int32_t>(notes_as(DType::kI32), nb),
          .numbers = block_of<float>(notes_as(DType::kF32), nb),
          .uniform = block_of<float>(t.uniform, nb),
          .dy = block_of<T>(t.dy, nb),
          .dx = block_of<T>(t.dx, nb)};
}

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Calls body(reducer, block) for block nb of the tensors.
template <class Body>
HWY_INLINE void with_block(const PoolOp& op, const PoolTensors& tensors, int nb, Body body) {
  with_storage(tensors.storage(), [&]<class T>(T) HWY_ATTR {
    const PoolBlock<T> block = block_at<T>(tensors, nb);
    PoolReducers::with(op, [&](auto reducer) HWY_ATTR { body(reducer, block); });
  });
}

void forward_piece(const PoolOp& op, const PoolGeometry& geometry, const PoolTensors& tensors,
                   int nb, const PoolPiece& piece) {
  with_block(op, tensors, nb, [&](const auto& reducer, const auto& block) HWY_ATTR {
    pool_forward_row(geometry, reducer, block, piece);
  });
}

void backward_piece(const PoolOp& op, const PoolGeometry& geometry, const PoolTensors& tensors,
                    int nb, const PoolPiece& piece) {
  with_block(op, tensors, nb, [&](const auto& reducer, const auto& block) HWY_ATTR {
    pool_backward_row(geometry, reducer, block, piece);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(forward_piece);
HWY_EXPORT(backward_piece);

// Calls body(block number, piece) in parallel. Rows are the pieces; where they are few, such as the
// single row of global pooling, lanes are divided too. The cut depends on the sizes alone.
template <class Body>
void for_pieces(int blocks, int rows, int64_t panel, Body body) {
  constexpr int64_t kEnoughPieces = 64, kFewestLanes = 512;
  const int64_t whole = int64_t{blocks} * rows;
  const int64_t slices =
      std::clamp<int64_t>(kEnoughPieces / whole, 1, std::max<int64_t>(panel / kFewestLanes, 1));
  const int64_t lanes = ((panel + slices - 1) / slices + 63) / 64 * 64;  // whole lane groups
  parallel_for(whole * slices, [&](int64_t item) {
    const int64_t row = item / slices, begin = item % slices * lanes;
    body(static_cast<int>(row / rows), PoolPiece{.row = static_cast<int>(row % rows),
                                                 .lane_begin = std::min(begin, panel),
                                                 .lane_end = std::min(begin + lanes, panel)});
  });
}

void forward_simd(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                  Tensor& notes) {
  const PoolTensors tensors{&x, &y, &notes, &op.uniform, nullptr, nullptr};
  for_pieces(y.blocks(), y.h(), y.panel_size(), [&](int nb, const PoolPiece& piece) {
    HWY_DYNAMIC_DISPATCH(forward_piece)(op, geometry, tensors, nb, piece);
  });
}

void backward_simd(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                   const Tensor& dy, Tensor& dx) {
  const PoolTensors tensors{&kept.x, &kept.y, &kept.notes, nullptr, &dy, &dx};
  for_pieces(dx.blocks(), dx.h(), dx.panel_size(), [&](int nb, const PoolPiece& piece) {
    HWY_DYNAMIC_DISPATCH(backward_piece)(op, geometry, tensors, nb, piece);
  });
}

// The reference computes in floats: BF16 tensors are widened before it and rounded after it.
Tensor as_floats(const Tensor& tensor) {
  if (!tensor.defined() || tensor.dtype() == DType::kF32) return tensor;
  Tensor floats = Tensor::like(tensor, DType::kF32);
  cast(tensor, floats);
  return floats;
}

void forward_reference(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                       Tensor& notes) {
  const Tensor in = as_floats(x), out = Tensor::like(y, DType::kF32);
  const PoolTensors tensors{&in, &out, &notes, &op.uniform, nullptr, nullptr};
  HWY_STATIC_DISPATCH(PoolReducers)::with(op, [&](auto reducer) {
    for (int nb = 0; nb < y.blocks(); ++nb) {
      HWY_STATIC_DISPATCH(pool_forward_reference)(geometry, reducer, block_at<float>(tensors, nb));
    }
  });
  cast(out, y);
}

void backward_reference(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                        const Tensor& dy, Tensor& dx) {
  const Tensor x = as_floats(kept.x), y = as_floats(kept.y), upstream = as_floats(dy);
  const Tensor out = Tensor::like(dx, DType::kF32);
  const PoolTensors tensors{&x, &y, &kept.notes, nullptr, &upstream, &out};
  HWY_STATIC_DISPATCH(PoolReducers)::with(op, [&](auto reducer) {
    for (int nb = 0; nb < dx.blocks(); ++nb) {
      HWY_STATIC_DISPATCH(pool_backward_reference)(geometry, reducer, block_at<float>(tensors, nb));
    }
  });
  cast(out, dx);
}

}  // namespace

PoolKept pool_keep(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x,
                   const Tensor& y) {
  PoolKept kept;
  HWY_STATIC_DISPATCH(PoolReducers)::with(op, [&](auto reducer) {
    using Reducer = decltype(reducer);
    if (Reducer::kReadsX) kept.x = x;
    if (Reducer::kReadsY) kept.y = y;
    const DType winner = geometry.taps() <= kByteTaps ? DType::kU8 : DType::kI32;
    const DType type = Reducer::kNotes == PoolNotes::kWinner ? winner : DType::kF32;
    if (Reducer::kNotes != PoolNotes::kNone) {
      kept.notes = Tensor::images(y.n(), y.c(), y.h(), y.w(), type);
    }
  });
  return kept;
}

std::span<const PoolKernel> pool_kernels() {
  static constexpr std::array<PoolKernel, 2> kKernels{
      {{"simd", forward_simd, backward_simd},
       {"reference", forward_reference, backward_reference}}};
  return kKernels;
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
