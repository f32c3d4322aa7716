// What the author of a pooling reducer supplies. V is a vector of lanes, or one number.
#if defined(WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#undef WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_REDUCER_INL_H_
#endif

#include <array>
#include <concepts>

#include "core/kernels/pool.h"
#include "core/kernels/pool/task.h"
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// kLight   true when a tap costs less than its memory: then the loops are compiled for the usual
//          windows, for speed
// start    the state before any input; `first` is the first tap inside the image
// take     absorbs one input; taps come in row-major order
// value    the output
// note     where R::kNotes asks for one, an R::Note<V>: what backward wants to know about the
//          output, the number of a tap (kWinner) or some numbers (kNumbers, an array of V)
// pull     the share of dx of one tap. x and y are valid where R::kReadsX and R::kReadsY ask for
//          them, note where R::kNotes does.
template <class R, class V>
concept PoolReducer = requires(const R r, typename R::template State<V> state, V v, int tap,
                               typename R::template Note<V> note, PoolCount count) {
  { R::kNotes } -> std::convertible_to<PoolNotes>;
  { R::kLight } -> std::convertible_to<bool>;
  { R::kReadsX } -> std::convertible_to<bool>;
  { R::kReadsY } -> std::convertible_to<bool>;
  { r.template start<V>(tap) } -> std::same_as<typename R::template State<V>>;
  { r.take(state, v, tap) } -> std::same_as<void>;
  { r.value(state, count) } -> std::same_as<V>;
  { r.note(state) } -> std::same_as<typename R::template Note<V>>;
  { r.pull(v, v, v, note, tap, count) } -> std::same_as<V>;
};

// A reducer that wants to see the window before it takes it, such as for the largest input, has
// `scan`, which is called with every input before the first `take`, and `scanned`, called in
// between with a random number for the output (below 1, from PoolOp::uniform; 0 without it).
template <class R, class V>
concept ScanningReducer = requires(const R r, typename R::template State<V> state, V v, int tap) {
  { r.scan(state, v, tap) } -> std::same_as<void>;
  { r.scanned(state, v) } -> std::same_as<void>;
};

// What reducers inherit whose whole gradient goes to one tap, the one that they note.
struct GoesToWinner {
  static constexpr PoolNotes kNotes = PoolNotes::kWinner;
  static constexpr bool kReadsX = false, kReadsY = false;
  template <class V>
  using Note = V;
  template <class V>
  HWY_INLINE V pull(V dy, V, V, V winner, int tap, PoolCount) const {
    return select(winner == V(static_cast<float>(tap)), dy, V(0.f));
  }
};

// What reducers inherit that note some numbers.
template <size_t kCount>
struct NotesNumbers {
  static constexpr PoolNotes kNotes = PoolNotes::kNumbers;
  static constexpr size_t kNumbers = kCount;
  template <class V>
  using Note = std::array<V, kCount>;
};

// What reducers without notes inherit.
struct NoNote {
  static constexpr PoolNotes kNotes = PoolNotes::kNone;
  template <class V>
  using Note = V;
  template <class State>
  HWY_INLINE auto note(const State&) const {
    return typename State::Value(0.f);
  }
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
