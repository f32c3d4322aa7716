// The reference loops of every reducer, compiled once: they are not there to be fast.
#include "core/kernels/pool/kinds-inl.h"
#include "core/kernels/pool/pass.h"
#include "core/kernels/pool/reference-inl.h"

namespace weir::kernels {

namespace baseline = HWY_NAMESPACE;

void pool_forward_reference(const PoolPass& pass, int nb) {
  baseline::PoolReducers::with(pass.op, [&](auto reducer) {
    baseline::pool_forward_reference(pass.geometry, reducer, block_at<float>(pass, nb));
  });
}

void pool_backward_reference(const PoolPass& pass, int nb) {
  baseline::PoolReducers::with(pass.op, [&](auto reducer) {
    baseline::pool_backward_reference(pass.geometry, reducer, block_at<float>(pass, nb));
  });
}

PoolNeeds pool_needs(const PoolOp& op) {
  PoolNeeds needs;
  baseline::PoolReducers::with(op, [&]<class R>(R) {
    needs = {.notes = R::kNotes, .x = R::kReadsX, .y = R::kReadsY};
    if constexpr (R::kNotes == PoolNotes::kNumbers) needs.numbers = int{R::kNumbers};
  });
  return needs;
}

}  // namespace weir::kernels
