// The logical sizes of a tensor, outermost first, at most four.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace weir {

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes);

  int rank() const { return rank_; }
  int64_t operator[](int axis) const { return sizes_[static_cast<size_t>(axis)]; }
  int64_t numel() const;
  bool operator==(const Shape&) const = default;
  // "(128, 3, 32, 32)"
  std::string str() const;

 private:
  std::array<int64_t, 4> sizes_{};
  int rank_ = 0;
};

}  // namespace weir
