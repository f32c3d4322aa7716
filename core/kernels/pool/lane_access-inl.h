// How the loops of pooling read and write a register of lanes: values of either storage and notes.
#if defined(WEIR_CORE_KERNELS_POOL_LANE_ACCESS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_LANE_ACCESS_INL_H_
#undef WEIR_CORE_KERNELS_POOL_LANE_ACCESS_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_LANE_ACCESS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/kernels/simd-inl.h"
#include "core/kernels/stream-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

using Register = Lanes<Wide>;

// Which lanes of a register exist.
struct AllLanes {};
struct FirstLanes {
  int64_t count;
};

constexpr bool kIsOneLane = hn::MaxLanes(Wide()) == 1;
HWY_INLINE int64_t register_width() { return static_cast<int64_t>(hn::Lanes(Wide())); }

template <class T>
HWY_INLINE Register load_number(const T* from) {
  return Register::load(from);
}
HWY_INLINE Register load_number(const int32_t* from) {
  return hn::ConvertTo(Wide(), hn::LoadU(hn::RebindToSigned<Wide>(), from));
}
HWY_INLINE Register load_number(const uint8_t* from) {
  const auto bytes = hn::LoadU(hn::Rebind<uint8_t, Wide>(), from);
  return hn::ConvertTo(Wide(), hn::PromoteTo(hn::RebindToSigned<Wide>(), bytes));
}

template <class T>
HWY_INLINE void store_number(Register number, T* to) {
  number.store(to);
}
HWY_INLINE void store_number(Register number, int32_t* to) {
  const hn::RebindToSigned<Wide> integers;
  hn::StoreU(hn::ConvertTo(integers, number.raw), integers, to);
}
HWY_INLINE void store_number(Register number, uint8_t* to) {
  const hn::Rebind<uint8_t, Wide> bytes;
  const auto integers = hn::ConvertTo(hn::RebindToSigned<Wide>(), number.raw);
  hn::StoreU(hn::DemoteTo(bytes, integers), bytes, to);
}

// Notes past the caches, as stream() for values.
HWY_INLINE void stream(Register number, int32_t* to) { store_number(number, to); }
HWY_INLINE void stream(Register number, uint8_t* to) {
  const hn::Rebind<uint8_t, Wide> bytes;
  if constexpr (!kIsStreamed<decltype(bytes)>) return store_number(number, to);
  const auto integers = hn::ConvertTo(hn::RebindToSigned<Wide>(), number.raw);
  hn::Stream(hn::DemoteTo(bytes, integers), bytes, to);
}

template <class T>
HWY_INLINE Register read(const T* from, AllLanes) {
  return load_number(from);
}
// The other lanes are 0.
template <class T>
HWY_INLINE Register read(const T* from, FirstLanes lanes) {
  if (kIsOneLane || lanes.count == register_width()) return load_number(from);
  T copy[hn::MaxLanes(Wide())] = {};
  std::copy_n(from, lanes.count, copy);
  return load_number(copy);
}

template <class T>
HWY_INLINE void write(Register number, T* to, AllLanes) {
  store_number(number, to);
}
template <class T>
HWY_INLINE void write(Register number, T* to, FirstLanes lanes) {
  if (kIsOneLane || lanes.count == register_width()) return store_number(number, to);
  T copy[hn::MaxLanes(Wide())];
  store_number(number, copy);
  std::copy_n(copy, lanes.count, to);
}

// The same past the caches if it `streams`.
template <class T>
HWY_INLINE void write(Register number, T* to, AllLanes lanes, bool streams) {
  if (streams) return stream(number, to);
  write(number, to, lanes);
}
template <class T>
HWY_INLINE void write(Register number, T* to, FirstLanes lanes, bool) {
  write(number, to, lanes);
}

// Some numbers of each output, in maps that lie one behind the other: `map` floats apart.
template <size_t kCount>
struct NumberMaps {
  float* first;
  int64_t map;
};
template <size_t kCount>
HWY_INLINE NumberMaps<kCount> operator+(NumberMaps<kCount> maps, int64_t by) {
  return {maps.first + by, maps.map};
}
template <size_t kCount, class Which>
HWY_INLINE std::array<Register, kCount> read(NumberMaps<kCount> from, Which which) {
  std::array<Register, kCount> numbers;
  for (Register& number : numbers) {
    number = read(from.first, which);
    from.first += from.map;
  }
  return numbers;
}
template <size_t kCount, class Which>
HWY_INLINE void write(const std::array<Register, kCount>& numbers, NumberMaps<kCount> to,
                      Which which, bool streams) {
  for (const Register& number : numbers) {
    write(number, to.first, which, streams);
    to.first += to.map;
  }
}

// Without notes: a compiler then drops all that finds them.
struct Unnoted {};
HWY_INLINE Unnoted operator+(Unnoted none, int64_t) { return none; }
template <class Which>
HWY_INLINE Register read(Unnoted, Which) {
  return Register(0.f);
}
template <class Which>
HWY_INLINE void write(Register, Unnoted, Which, bool) {}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
