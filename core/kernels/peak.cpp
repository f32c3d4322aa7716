#include "core/kernels/peak.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/peak.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Two units with a latency of four to five need ten chains that do not wait for each other; with
// the two operands these fit into sixteen registers.
constexpr int kChains = 12;

double fma_in_registers(int64_t rounds) {
  const Wide d;
  // Read at run time, so that the compiler cannot work the result out. Each chain tends to
  // term / (1 - factor) = 2, far from denormals and overflow.
  volatile float factor_value = 0.5f, term_value = 1.f;
  const auto factor = hn::Set(d, factor_value), term = hn::Set(d, term_value);
  hn::Vec<Wide> chain[kChains];
  for (int i = 0; i < kChains; ++i) chain[i] = hn::Set(d, static_cast<float>(i));
  for (int64_t round = 0; round < rounds; ++round) {
    for (int i = 0; i < kChains; ++i) chain[i] = hn::MulAdd(chain[i], factor, term);
  }
  auto sum = chain[0];
  for (int i = 1; i < kChains; ++i) sum = hn::Add(sum, chain[i]);
  volatile float used = hn::GetLane(sum);
  static_cast<void>(used);
  return 2.0 * static_cast<double>(hn::Lanes(d)) * kChains * static_cast<double>(rounds);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(fma_in_registers);

}  // namespace

double fma_in_registers(int64_t rounds) { return HWY_DYNAMIC_DISPATCH(fma_in_registers)(rounds); }

}  // namespace weir::kernels
#endif  // HWY_ONCE
