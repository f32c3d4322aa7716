// One channel of one image, pixel by pixel: how slow references read tensors of images.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::testing {

// Panels are rows of images and columns of channels (core/tensor/tensor.h).
template <class T>
T stored_at(const Tensor& images, int n, int c, int y, int x) {
  const int block = images.block();
  return images.panel<T>(n / block, y, x)[n % block * images.c() + c];
}

class Plane {
 public:
  // F32 images, which must outlive this.
  Plane(const Tensor& images, int n, int c) : images_(images), n_(n), c_(c) {}
  float at(int y, int x) const { return stored_at<float>(images_, n_, c_, y, x); }

 private:
  const Tensor& images_;
  int n_, c_;
};

}  // namespace weir::testing
