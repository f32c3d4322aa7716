// One pass of pooling over tensors, and who computes it.
#pragma once

#include "core/kernels/pool.h"
#include "core/kernels/pool/task.h"

namespace weir::kernels {

// Those of one pass; null or undefined where it has none.
struct PoolTensors {
  const Tensor *x, *y, *notes, *uniform, *dy, *dx;
  DType storage() const { return (dy != nullptr ? *dy : *x).dtype(); }
};

struct PoolPass {
  const PoolOp& op;
  const PoolGeometry& geometry;
  PoolTensors tensors;
  bool streams = false;  // as in PoolBlock
};

// Block nb of the pass. PoolBlock says which of these a kernel writes.
template <class T>
PoolBlock<T> block_at(const PoolPass& pass, int nb) {
  const PoolTensors& t = pass.tensors;
  const auto of = [nb]<class Number>(const Tensor* tensor, Number) -> Number* {
    if (tensor == nullptr || !tensor->defined()) return nullptr;
    return const_cast<Number*>(tensor->panel<Number>(nb, 0, 0));
  };
  const auto notes_as = [&](DType type) {
    return t.notes->defined() && t.notes->dtype() == type ? t.notes : nullptr;
  };
  return {.panel = (t.dy != nullptr ? *t.dy : *t.x).panel_size(),
          .x = of(t.x, T()),
          .y = of(t.y, T()),
          .winners = of(notes_as(DType::kU8), uint8_t()),
          .winners_wide = of(notes_as(DType::kI32), int32_t()),
          .numbers = of(notes_as(DType::kF32), float()),
          .uniform = of(t.uniform, float()),
          .dy = of(t.dy, T()),
          .dx = of(t.dx, T()),
          .after_relu = pass.op.after_relu,
          .streams = pass.streams};
}

// A piece of block nb, and the pieces of both directions.
using PoolLoop = void (*)(const PoolPass& pass, int nb, const PoolPiece& piece);
struct PoolLoops {
  PoolLoop forward, backward;
};

// The fast ones of the reducers of each list in pool/kinds-inl.h, for the instruction set in use.
// Each list is a file, so that they are compiled side by side.
PoolLoops plain_pool_loops();
PoolLoops lp_pool_loops();
PoolLoops exp_pool_loops();

// The reference: a whole block of F32 tensors.
void pool_forward_reference(const PoolPass& pass, int nb);
void pool_backward_reference(const PoolPass& pass, int nb);

// What a reducer wants to be kept.
struct PoolNeeds {
  PoolNotes notes = PoolNotes::kNone;
  int numbers = 0;  // with kNumbers
  bool x = false, y = false;
};
PoolNeeds pool_needs(const PoolOp& op);

}  // namespace weir::kernels
