#include "core/tensor/tensor.h"

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/runtime/memory.h"

namespace weir {
namespace {

int64_t stored_elements(const Shape& shape, int block) {
  if (block == 0) return shape.numel();
  const int64_t blocks = (shape[0] + block - 1) / block;
  return blocks * block * shape[1] * shape[2] * shape[3];
}

}  // namespace

Tensor::Tensor(Shape shape, DType dtype, int block)
    : shape_(shape), dtype_(dtype), block_(block), stored_(stored_elements(shape, block)) {
  storage_ = allocate(std::max<size_t>(bytes(), 1));
}

Tensor Tensor::empty(Shape shape, DType dtype) { return Tensor(shape, dtype, 0); }

Tensor Tensor::zeros(Shape shape, DType dtype) {
  Tensor tensor = empty(shape, dtype);
  std::memset(tensor.storage_.get(), 0, tensor.bytes());
  return tensor;
}

Tensor Tensor::full(Shape shape, float value) {
  Tensor tensor = empty(shape);
  std::fill_n(tensor.data(), tensor.stored(), value);
  return tensor;
}

Tensor Tensor::from(std::vector<float> values, Shape shape) {
  require(static_cast<int64_t>(values.size()) == shape.numel(), "{} values do not fill shape {}",
          values.size(), shape.str());
  Tensor tensor = empty(shape);
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

Tensor Tensor::images(int n, int c, int h, int w, DType dtype) {
  require(n > 0 && c > 0 && h > 0 && w > 0, "images need positive sizes, got ({}, {}, {}, {})", n,
          c, h, w);
  return Tensor({n, c, h, w}, dtype, std::min(n, kBlock));
}

Tensor Tensor::images_zeros(int n, int c, int h, int w, DType dtype) {
  Tensor tensor = images(n, c, h, w, dtype);
  std::memset(tensor.storage_.get(), 0, tensor.bytes());
  return tensor;
}

Tensor Tensor::like(const Tensor& other) { return like(other, other.dtype_); }

Tensor Tensor::like(const Tensor& other, DType dtype) {
  return Tensor(other.shape_, dtype, other.block_);
}

Tensor Tensor::zeros_like(const Tensor& other) {
  Tensor tensor = like(other);
  std::memset(tensor.storage_.get(), 0, tensor.bytes());
  return tensor;
}

Tensor Tensor::clone() const {
  Tensor copy = like(*this);
  std::memcpy(copy.storage_.get(), storage_.get(), bytes());
  return copy;
}

Tensor Tensor::reshape(Shape shape) const {
  require(block_ == 0, "only plain tensors can be reshaped; {} holds image blocks", shape_.str());
  require(shape.numel() == numel(), "cannot view {} as {}", shape_.str(), shape.str());
  Tensor view = *this;
  view.shape_ = shape;
  return view;
}

float Tensor::item() const {
  require(numel() == 1 && dtype_ == DType::kF32, "item() needs one float, found {}", shape_.str());
  return *data();
}

}  // namespace weir
