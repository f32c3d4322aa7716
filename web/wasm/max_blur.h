// MaxBlurPool: the maximum at stride 1, then the blur of the map of maxima.
#pragma once

#include <vector>

#include "web/wasm/mirrored_blur.h"
#include "web/wasm/pass.h"

namespace weir::web {

class MaxBlur : public Operation {
 public:
  // Of (h, w) maps, whose maxima of kernel x kernel leave more than filter_size / 2 each way.
  MaxBlur(int h, int w, int kernel, int filter_size, int stride, int lanes);

  // What an output sees of the map; mirrored maxima lie inside of it.
  const kernels::PoolGeometry& geometry() const override { return seen_; }
  int lanes() const override { return blur_.lanes(); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return blur_.output(); }
  void backward(const float* dy, float* dx) override;

 private:
  Pass max_;
  MirroredBlur blur_;
  kernels::PoolGeometry seen_;
};

}  // namespace weir::web
