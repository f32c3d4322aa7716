// A piece of a pass, by the reducer of a list that it asks for.
#if defined(WEIR_CORE_KERNELS_POOL_PASS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_PASS_INL_H_
#undef WEIR_CORE_KERNELS_POOL_PASS_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_PASS_INL_H_
#endif

#include "core/kernels/pool/kinds-inl.h"
#include "core/kernels/pool/loops-inl.h"
#include "core/kernels/pool/pass.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class Reducers>
HWY_INLINE void forward_piece(const PoolPass& pass, int nb, const PoolPiece& piece) {
  with_storage(pass.tensors.storage(), [&]<class T>(T) HWY_ATTR {
    const PoolBlock<T> block = block_at<T>(pass, nb);
    Reducers::with(pass.op, [&](auto reducer) HWY_ATTR {
      pool_forward_row(pass.geometry, reducer, block, piece);
    });
  });
}

template <class Reducers>
HWY_INLINE void backward_piece(const PoolPass& pass, int nb, const PoolPiece& piece) {
  with_storage(pass.tensors.storage(), [&]<class T>(T) HWY_ATTR {
    const PoolBlock<T> block = block_at<T>(pass, nb);
    Reducers::with(pass.op, [&](auto reducer) HWY_ATTR {
      pool_backward_row(pass.geometry, reducer, block, piece);
    });
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
