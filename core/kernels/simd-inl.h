// The vector type that kernels are written with, one per instruction set.
//
// A kernel's source file is compiled once for each instruction set (Highway's foreach_target.h), so
// everything here and everything that uses it lives in namespace weir::kernels::HWY_NAMESPACE: two
// sets must never share an inline function, or the linker may keep the wrong copy for both.
//
// Lanes<D> holds as many floats as the tag D says and reads like a number, so that one text serves
// vectors, their one-lane tails, float and double.
#if defined(WEIR_CORE_KERNELS_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_SIMD_INL_H_
#undef WEIR_CORE_KERNELS_SIMD_INL_H_
#else
#define WEIR_CORE_KERNELS_SIMD_INL_H_
#endif

#include <cmath>
#include <cstdint>

#include <hwy/highway.h>

#include "core/tensor/bfloat16.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::ScalableTag<float>;     // a whole register
using Single = hn::CappedTag<float, 1>;  // one lane, for what is left at the end

template <class D>
HWY_INLINE hn::Vec<D> widen_bfloat16(const bfloat16* from) {
  const hn::Rebind<uint16_t, D> halves;
  const hn::RebindToUnsigned<D> whole;
  const auto bits = hn::LoadU(halves, reinterpret_cast<const uint16_t*>(from));
  return hn::BitCast(D(), hn::ShiftLeft<16>(hn::PromoteTo(whole, bits)));
}

// As to_bfloat16(), in the upper halves; the lower halves are leftovers. Not Highway's DemoteTo,
// which cuts them off.
template <class D>
HWY_INLINE hn::Vec<hn::RebindToUnsigned<D>> round_to_upper_half(hn::Vec<D> value) {
  const hn::RebindToUnsigned<D> whole;
  const auto bits = hn::BitCast(whole, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(whole, 1u));
  const auto rounded = hn::Add(hn::Add(bits, hn::Set(whole, 0x7FFFu)), odd);
  const auto quiet = hn::Or(bits, hn::Set(whole, 0x400000u));
  return hn::IfThenElse(hn::RebindMask(whole, hn::IsNaN(value)), quiet, rounded);
}
template <class D>
HWY_INLINE void narrow_bfloat16(hn::Vec<D> value, bfloat16* to) {
  const hn::Rebind<uint16_t, D> halves;
  const auto kept = hn::ShiftRight<16>(round_to_upper_half<D>(value));
  hn::StoreU(hn::TruncateTo(halves, kept), halves, reinterpret_cast<uint16_t*>(to));
}

// Numbers are stored as float or bfloat16; loads widen, stores round to the nearest.
template <class D>
struct Lanes {
  using Tag = D;
  Lanes() = default;
  HWY_INLINE Lanes(hn::Vec<D> vector) : raw(vector) {}  // implicit: wraps results of Highway calls
  HWY_INLINE explicit Lanes(float value) : raw(hn::Set(D(), value)) {}
  HWY_INLINE static Lanes load(const float* from) { return hn::LoadU(D(), from); }
  HWY_INLINE void store(float* to) const { hn::StoreU(raw, D(), to); }
  HWY_INLINE static Lanes load(const bfloat16* from) { return widen_bfloat16<D>(from); }
  HWY_INLINE void store(bfloat16* to) const { narrow_bfloat16<D>(raw, to); }

  hn::Vec<D> raw;
};

template <class D>
HWY_INLINE Lanes<D> operator+(Lanes<D> a, Lanes<D> b) {
  return hn::Add(a.raw, b.raw);
}
template <class D>
HWY_INLINE Lanes<D> operator-(Lanes<D> a, Lanes<D> b) {
  return hn::Sub(a.raw, b.raw);
}
template <class D>
HWY_INLINE Lanes<D> operator*(Lanes<D> a, Lanes<D> b) {
  return hn::Mul(a.raw, b.raw);
}
template <class D>
HWY_INLINE Lanes<D> operator/(Lanes<D> a, Lanes<D> b) {
  return hn::Div(a.raw, b.raw);
}
template <class D>
HWY_INLINE Lanes<D> operator-(Lanes<D> a) {
  return hn::Neg(a.raw);
}
// a * b + c, in one rounding where the instruction set has it.
template <class D>
HWY_INLINE Lanes<D> fma(Lanes<D> a, Lanes<D> b, Lanes<D> c) {
  return hn::MulAdd(a.raw, b.raw, c.raw);
}
template <class D>
HWY_INLINE Lanes<D> abs(Lanes<D> a) {
  return hn::Abs(a.raw);
}

// Comparisons give a mask, one truth value per lane; all are false for NaN.
template <class D>
HWY_INLINE auto operator>(Lanes<D> a, Lanes<D> b) {
  return hn::Gt(a.raw, b.raw);
}
template <class D>
HWY_INLINE auto operator<=(Lanes<D> a, Lanes<D> b) {
  return hn::Le(a.raw, b.raw);
}
template <class D>
HWY_INLINE auto operator==(Lanes<D> a, Lanes<D> b) {
  return hn::Eq(a.raw, b.raw);
}
template <class D>
HWY_INLINE auto is_nan(Lanes<D> a) {
  return hn::IsNaN(a.raw);
}
template <class M>
HWY_INLINE M either(M a, M b) {
  return hn::Or(a, b);
}
template <class M, class D>
HWY_INLINE Lanes<D> select(M mask, Lanes<D> yes, Lanes<D> no) {
  return hn::IfThenElse(mask, yes.raw, no.raw);
}

// The same words for plain numbers.
HWY_INLINE bool is_nan(float a) { return a != a; }
HWY_INLINE bool is_nan(double a) { return a != a; }
HWY_INLINE bool either(bool a, bool b) { return a || b; }
HWY_INLINE float select(bool mask, float yes, float no) { return mask ? yes : no; }
HWY_INLINE double select(bool mask, double yes, double no) { return mask ? yes : no; }

// Calls body(D(), i) for the groups of lanes of [begin, end): whole registers, then single lanes.
// Mark the lambda HWY_ATTR: compilers do not pass the instruction set on to lambdas.
template <class Body>
HWY_INLINE void for_lanes(int64_t begin, int64_t end, Body body) {
  const int64_t step = static_cast<int64_t>(hn::Lanes(Wide()));
  int64_t i = begin;
  for (; i + step <= end; i += step) body(Wide(), i);
  for (; i < end; ++i) body(Single(), i);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
