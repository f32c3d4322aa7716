// What the author of a pooling reducer supplies. V is a vector of lanes, or one number.
#if defined(WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#undef WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#endif

#include <concepts>

#include "core/kernels/pool.h"
#include "core/kernels/pool/task.h"
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// start    the state before any input; `first` is the first tap inside the image
// take     absorbs one input; taps come in row-major order
// value    the output
// winner   where R::kKeepsWinner: the tap that the gradient goes to, as a number
// pull     the share of dx of one tap. x and y are valid where R::kReadsX and R::kReadsY ask for
//          them, winner where R::kKeepsWinner does.
template <class R, class V>
concept PoolReducer = requires(const R r, typename R::template State<V> state, V v, int tap,
                               PoolCount count) {
  { R::kKeepsWinner } -> std::convertible_to<bool>;
  { R::kReadsX } -> std::convertible_to<bool>;
  { R::kReadsY } -> std::convertible_to<bool>;
  { r.template start<V>(tap) } -> std::same_as<typename R::template State<V>>;
  { r.take(state, v, tap) } -> std::same_as<void>;
  { r.value(state, count) } -> std::same_as<V>;
  { r.winner(state) } -> std::same_as<V>;
  { r.pull(v, v, v, v, tap, count) } -> std::same_as<V>;
};

// What reducers without a winner inherit.
struct NoWinner {
  static constexpr bool kKeepsWinner = false;
  template <class State>
  HWY_INLINE auto winner(const State&) const {
    return typename State::Value(0.f);
  }
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
