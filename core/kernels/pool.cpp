#include "core/kernels/pool.h"

#include <algorithm>
#include <array>

#include "core/kernels/cast.h"
#include "core/kernels/channel_sum.h"
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
PoolBlock<T> block_at(const PoolOp& op, const PoolTensors& t, int nb) {
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
          .dx = block_of<T>(t.dx, nb),
          .after_relu = op.after_relu};
}

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Calls body(reducer, block) for block nb of the tensors.
template <class Body>
HWY_INLINE void with_block(const PoolOp& op, const PoolTensors& tensors, int nb, Body body) {
  with_storage(tensors.storage(), [&]<class T>(T) HWY_ATTR {
    const PoolBlock<T> block = block_at<T>(op, tensors, nb);
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

// sums[(i - zero) % size] += number i of dx, as they are stored, for i in [begin, end).
void add_numbers(const Tensor& dx, int64_t begin, int64_t end, int64_t zero,
                 std::span<float> sums) {
  const auto size = static_cast<int64_t>(sums.size());
  for (int64_t at = begin, next; at < end; at = next) {
    const int64_t offset = (at - zero) % size;
    next = std::min(at + size - offset, end);
    float* to = sums.data() + offset;
    with_storage(dx.dtype(), [&]<class T>(T) HWY_ATTR {
      const T* from = dx.data<T>() + at;
      for_lanes(0, next - at, [=]<class D>(D, int64_t i) HWY_ATTR {
        using V = Lanes<D>;
        (V::load(to + i) + V::load(from + i)).store(to + i);
      });
    });
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(forward_piece);
HWY_EXPORT(backward_piece);
HWY_EXPORT(add_numbers);

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

// A piece of `images` that lies in one run of memory.
struct StoredPiece {
  int nb;
  PoolPiece piece;
  int64_t end;  // the first number behind it
};

// The one that begins at number `begin`, up to `end`: some lanes of a pixel, or pixels of a row, as
// many as stay in the nearest cache until they are added up.
StoredPiece piece_from(const Tensor& images, int64_t begin, int64_t end) {
  constexpr int64_t kTogether = 8192;
  const int64_t panel = images.panel_size(), pixel = begin / panel, lane = begin % panel;
  const auto row = static_cast<int>(pixel / images.w()),
             column = static_cast<int>(pixel % images.w());
  const int64_t whole = lane == 0 ? std::min(end - begin, kTogether) / panel : 0;
  const int count = static_cast<int>(std::clamp<int64_t>(whole, 1, images.w() - column));
  const int64_t stop = std::min((pixel + count) * panel, end);
  return {.nb = row / images.h(),
          .piece = {.row = row % images.h(),
                    .lane_begin = lane,
                    .lane_end = std::min(stop - pixel * panel, panel),
                    .column_begin = column,
                    .column_end = column + count},
          .end = stop};
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
      HWY_STATIC_DISPATCH(pool_forward_reference)
      (geometry, reducer, block_at<float>(op, tensors, nb));
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
      HWY_STATIC_DISPATCH(pool_backward_reference)
      (geometry, reducer, block_at<float>(op, tensors, nb));
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
    if (Reducer::kReadsX || (op.after_relu && Reducer::kNotes != PoolNotes::kWinner)) kept.x = x;
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

void pool_row(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
              Tensor& notes, int nb, int row) {
  const PoolTensors tensors{&x, &y, &notes, &op.uniform, nullptr, nullptr};
  HWY_DYNAMIC_DISPATCH(forward_piece)
  (op, geometry, tensors, nb, {.row = row, .lane_begin = 0, .lane_end = y.panel_size()});
}

Tensor pool_backward_and_sum(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                             const Tensor& dy, Tensor& dx) {
  const PoolTensors tensors{&kept.x, &kept.y, &kept.notes, nullptr, &dy, &dx};
  return channel_sum(dx, [&](int64_t begin, int64_t end, std::span<float> sums) {
    for (int64_t at = begin, next; at < end; at = next) {
      const StoredPiece run = piece_from(dx, at, end);
      next = run.end;
      HWY_DYNAMIC_DISPATCH(backward_piece)(op, geometry, tensors, run.nb, run.piece);
      HWY_DYNAMIC_DISPATCH(add_numbers)(dx, at, next, begin, sums);
    }
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
