#include "core/tensor/shape.h"

#include "core/base/error.h"

namespace weir {

Shape::Shape(std::initializer_list<int64_t> sizes) : rank_(static_cast<int>(sizes.size())) {
  require(sizes.size() <= sizes_.size(), "a tensor has at most 4 sizes, got {}", sizes.size());
  size_t axis = 0;
  for (const int64_t size : sizes) {
    require(size >= 0, "a tensor's size must not be negative, got {}", size);
    sizes_[axis++] = size;
  }
}

int64_t Shape::numel() const {
  int64_t product = 1;
  for (int axis = 0; axis < rank_; ++axis) product *= (*this)[axis];
  return product;
}

std::string Shape::str() const {
  std::string text = "(";
  for (int axis = 0; axis < rank_; ++axis) {
    text += fmt::format("{}{}", axis > 0 ? ", " : "", (*this)[axis]);
  }
  return text + ")";
}

}  // namespace weir
