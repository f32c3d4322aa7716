// BlurPool: the binomial filter at a stride, over the map mirrored at its border.
#pragma once

#include <vector>

#include "core/kernels/mirror.h"
#include "web/wasm/pass.h"

namespace weir::web {

class MirroredBlur : public Operation {
 public:
  // Of (h, w) maps, both above filter_size / 2.
  MirroredBlur(int h, int w, int filter_size, int stride, int lanes);

  const kernels::PoolGeometry& geometry() const override { return filter_.geometry(); }
  int lanes() const override { return filter_.lanes(); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return filter_.output(); }
  void backward(const float* dy, float* dx) override;
  int border_before() const override { return (filter_size_ - 1) / 2; }
  int border_after() const override { return filter_size_ / 2; }
  int row_source(int row) const override { return rows_[static_cast<size_t>(row)]; }
  int column_source(int column) const override { return columns_[static_cast<size_t>(column)]; }

 private:
  // Calls body(number in the map with its border, number in the map).
  template <class Body>
  void for_copies(Body body) const;

  int filter_size_;
  int h_, w_;
  kernels::AxisSources rows_, columns_;
  Pass filter_;
  std::vector<float> mirrored_;
};

}  // namespace weir::web
