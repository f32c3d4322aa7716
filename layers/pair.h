// One number for both directions, or {height, width}: what PyTorch writes as an int or a tuple.
#pragma once

#include <array>
#include <string>

#include <fmt/core.h>

namespace weir {

struct Pair {
  int h = 0, w = 0;

  constexpr Pair(int both) : h(both), w(both) {}  // implicit: .kernel_size = 3
  constexpr Pair(int height, int width) : h(height), w(width) {}
  constexpr operator std::array<int, 2>() const { return {h, w}; }
  constexpr bool operator==(const Pair&) const = default;

  // "(3, 5)"
  std::string tuple() const { return fmt::format("({}, {})", h, w); }
  // "3" when both are equal, else "(3, 5)"
  std::string str() const { return h == w ? fmt::format("{}", h) : tuple(); }
};

}  // namespace weir
