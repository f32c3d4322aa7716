// The lists of pooling reducers. A new one is a file beside this one and a word here (and in
// PoolKind, core/kernels/pool.h, and in loops_of(), core/kernels/pool.cpp).
#if defined(WEIR_CORE_KERNELS_POOL_KINDS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_KINDS_INL_H_
#undef WEIR_CORE_KERNELS_POOL_KINDS_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_KINDS_INL_H_
#endif

#include "core/kernels/pool/avg-inl.h"
#include "core/kernels/pool/log_sum_exp-inl.h"
#include "core/kernels/pool/lp-inl.h"
#include "core/kernels/pool/max-inl.h"
#include "core/kernels/pool/soft-inl.h"
#include "core/kernels/pool/stochastic-inl.h"
#include "core/kernels/pool/weighted-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class... R>
struct ReducerList {
  // Calls body(reducer) with the reducer that op names.
  template <class Body>
  HWY_INLINE static void with(const PoolOp& op, Body body) {
    static_cast<void>(((op.kind == R::kKind && (body(R(op)), true)) || ...));
  }
};
// Each list has a file with its loops.
using PlainReducers = ReducerList<MaxReducer, AvgReducer, WeightedReducer>;
using LpReducers = ReducerList<LpReducer, LpSlopeReducer>;
using ExpReducers =
    ReducerList<LogSumExpReducer, SoftReducer, StochasticReducer, StochasticMeanReducer>;

struct PoolReducers {
  template <class Body>
  static void with(const PoolOp& op, Body body) {
    PlainReducers::with(op, body);
    LpReducers::with(op, body);
    ExpReducers::with(op, body);
  }
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
