// A dense array with a type, a logical shape and one of two memory layouts.
//
// Plain: row-major, for parameters, statistics, labels and single numbers.
// Images: logically (N, C, H, W); in memory image blocks [N/B][H][W][B][C] with B images a block.
//   The B x C matrix at one pixel is a panel: rows are images, columns are channels. B is 32 for
//   N >= 32, else N. A partial last block is padded with rows that never reach a loss, a
//   statistic or a metric: they are finite, and their gradients are zero.
//
// Copying a Tensor shares its memory; clone() copies it. Not synchronised: one writer at a time.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

namespace weir {

class Tensor {
 public:
  static constexpr int kBlock = 32;

  Tensor() = default;
  // Content undefined. Plain layout.
  static Tensor empty(Shape shape, DType dtype = DType::kF32);
  static Tensor zeros(Shape shape, DType dtype = DType::kF32);
  static Tensor full(Shape shape, float value);
  static Tensor from(std::vector<float> values, Shape shape);
  // Image blocks; content undefined, the padded rows included.
  static Tensor images(int n, int c, int h, int w, DType dtype = DType::kF32);
  static Tensor images_zeros(int n, int c, int h, int w, DType dtype = DType::kF32);
  // Same shape, type and layout as `other`.
  static Tensor like(const Tensor& other);
  // Same shape and layout as `other`, of another type.
  static Tensor like(const Tensor& other, DType dtype);
  static Tensor zeros_like(const Tensor& other);

  bool defined() const { return storage_ != nullptr; }
  // No other Tensor refers to this memory.
  bool unshared() const { return storage_.use_count() == 1; }
  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  int64_t numel() const { return shape_.numel(); }
  // Elements in memory: numel() and the padded rows.
  int64_t stored() const { return stored_; }
  size_t bytes() const { return static_cast<size_t>(stored_) * size_of(dtype_); }

  bool is_images() const { return block_ > 0; }
  int n() const { return static_cast<int>(shape_[0]); }
  int c() const { return static_cast<int>(shape_[1]); }
  int h() const { return static_cast<int>(shape_[2]); }
  int w() const { return static_cast<int>(shape_[3]); }
  int block() const { return block_; }                        // B
  int blocks() const { return (n() + block_ - 1) / block_; }  // N/B, rounded up
  int live_rows(int nb) const {                               // images in block nb
    return nb + 1 < blocks() ? block_ : n() - nb * block_;
  }
  int64_t panel_size() const { return int64_t{block_} * c(); }  // B*C
  // The numbers of a panel of block nb that belong to images: the first ones, as rows are images.
  int64_t live_lanes(int nb) const { return int64_t{live_rows(nb)} * c(); }

  // The memory, typed. T must match dtype() (checked in debug builds) or be std::byte.
  template <class T = float>
  T* data() {
    assert(holds<T>());
    return reinterpret_cast<T*>(storage_.get());
  }
  template <class T = float>
  const T* data() const {
    assert(holds<T>());
    return reinterpret_cast<const T*>(storage_.get());
  }
  // The panel at pixel (y, x) of block nb.
  template <class T = float>
  T* panel(int nb, int y, int x) {
    return data<T>() + ((int64_t{nb} * h() + y) * w() + x) * panel_size();
  }
  template <class T = float>
  const T* panel(int nb, int y, int x) const {
    return data<T>() + ((int64_t{nb} * h() + y) * w() + x) * panel_size();
  }

  Tensor clone() const;
  // The same memory with another plain shape of equal numel().
  Tensor reshape(Shape shape) const;
  // Value of a one-element tensor.
  float item() const;

 private:
  Tensor(Shape shape, DType dtype, int block);
  template <class T>
  bool holds() const {
    if constexpr (std::is_same_v<T, std::byte>)
      return true;
    else
      return DTypeOf<T>::value == dtype_;
  }
  Shape shape_;
  DType dtype_ = DType::kF32;
  int block_ = 0;
  int64_t stored_ = 0;
  std::shared_ptr<std::byte> storage_;
};

}  // namespace weir
