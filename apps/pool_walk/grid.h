// A small map of numbers, as people write it: rows behind semicolons or on lines of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct Grid {
  int h = 0, w = 0;
  std::vector<float> values;  // row-major

  static Grid zeros(int h, int w) {
    return {h, w, std::vector<float>(static_cast<size_t>(h) * static_cast<size_t>(w), 0.f)};
  }
  bool contains(int y, int x) const { return y >= 0 && y < h && x >= 0 && x < w; }
  float& at(int y, int x) { return values[index(y, x)]; }
  float at(int y, int x) const { return values[index(y, x)]; }
  bool operator==(const Grid&) const = default;

 private:
  size_t index(int y, int x) const {
    return static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x);
  }
};

inline constexpr int kMostGridSide = 32;  // what a screen shows

// "1 3 2; 5 6 1": numbers with spaces or commas between them, nan and inf too. Throws kUsage,
// beginning with `name`, for what is no number, for rows of different lengths, for nothing at all
// and for more than kMostGridSide rows or columns.
Grid parse_grid(std::string_view text, const std::string& name);

// A built-in grid ("4x4", "6x6", "7x7"), a file of rows, or the rows themselves. Throws as
// parse_grid() does, and kData for a file that cannot be read.
Grid find_grid(const std::string& word, const std::string& name);
std::vector<std::string> built_in_grids();

// "3.75": five digits.
std::string short_number(float value);

}  // namespace weir
