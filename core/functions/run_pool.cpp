#include "core/functions/run_pool.h"

#include <string>
#include <utility>

#include "core/kernels/pool/chosen_kernel.h"

namespace weir {

PoolRun run_pool(std::string_view operation, const kernels::PoolOp& op,
                 kernels::PoolGeometry geometry, const Variable& x, const PoolRunOptions& options) {
  const Tensor& in = x.value();
  const bool recording = records({&x}) || (options.others && Tape::active() != nullptr);
  Variable y(Tensor::images(in.n(), in.c(), geometry.y.out(), geometry.x.out(), in.dtype()),
             recording);
  kernels::PoolKept kept;
  if (recording || options.keep_notes) kept = kernels::pool_keep(op, geometry, in, y.value());
  const kernels::PoolKernel& kernel = kernels::chosen_pool_kernel();
  kernel.forward(op, geometry, in, y.value(), kept.notes);
  const Tensor notes = kept.notes;
  if (recording) {
    kernels::PoolOp backward_op = op;
    backward_op.uniform = Tensor();  // forward alone reads it
    Tape::active()->record(
        std::string(operation), y,
        [op = std::move(backward_op), geometry = std::move(geometry), input = x.without_value(),
         kept, others = options.others, &kernel](const Tensor& dy) {
          if (others) others(dy);
          if (!input.requires_grad()) return;
          Tensor dx = Tensor::images(dy.n(), dy.c(), geometry.y.in(), geometry.x.in(), dy.dtype());
          kernel.backward(op, geometry, kept, dy, dx);
          input.accumulate_grad(dx);
        });
  }
  return {y, notes};
}

}  // namespace weir
