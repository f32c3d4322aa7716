#include "core/kernels/pool/row_pooling.h"

namespace weir::kernels {

RowPooling::RowPooling(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                       Tensor& notes)
    : op_(op),
      geometry_(geometry),
      x_(x),
      y_(y),
      notes_(notes),
      missing_(static_cast<size_t>(y.blocks()) * static_cast<size_t>(y.h())) {
  for (size_t i = 0; i < missing_.size(); ++i) {
    missing_[i] = geometry.y.span(static_cast<int>(i) % y.h()).taps * x.w();
  }
}

// Who finds that nothing is missing any more sees what the others wrote before they counted.
void RowPooling::operator()(int nb, int row, Range columns) {
  for (const PoolCover& cover : geometry_.y.covers(row)) {
    std::atomic<int>& missing = missing_[static_cast<size_t>(nb * y_.h() + cover.output)];
    const int before = missing.fetch_sub(columns.size(), std::memory_order_acq_rel);
    if (before == columns.size()) pool_row(op_, geometry_, x_, y_, notes_, nb, cover.output);
  }
}

}  // namespace weir::kernels
