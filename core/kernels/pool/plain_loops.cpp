// The loops of PlainReducers (pool/kinds-inl.h).
#include "core/kernels/pool/pass.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/pool/plain_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/pool/pass-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

void plain_forward(const PoolPass& pass, int nb, const PoolPiece& piece) {
  forward_piece<PlainReducers>(pass, nb, piece);
}
void plain_backward(const PoolPass& pass, int nb, const PoolPiece& piece) {
  backward_piece<PlainReducers>(pass, nb, piece);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(plain_forward);
HWY_EXPORT(plain_backward);

PoolLoops plain_pool_loops() {
  return {[](const PoolPass& pass, int nb, const PoolPiece& piece) {
            HWY_DYNAMIC_DISPATCH(plain_forward)(pass, nb, piece);
          },
          [](const PoolPass& pass, int nb, const PoolPiece& piece) {
            HWY_DYNAMIC_DISPATCH(plain_backward)(pass, nb, piece);
          }};
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
