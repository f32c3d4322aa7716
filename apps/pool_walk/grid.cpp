#include "apps/pool_walk/grid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"

namespace weir {
namespace {

struct BuiltIn {
  const char* name;
  const char* rows;
};
// The first is docs/pooling.md's example. In the second, windows of 3 with stride 2 share their
// largest cells. In the third, the largest number is in the last row, which windows of 2 with
// stride 2 miss.
constexpr std::array<BuiltIn, 3> kBuiltIn = {
    {{"4x4", "1 3 2 4; 5 6 1 2; 7 2 3 1; 4 8 5 6"},
     {"6x6", "1 3 2 1 4 2; 0 5 1 2 3 6; 4 2 9 1 7 0; 3 1 2 8 2 5; 6 0 4 3 1 2; 2 7 1 5 0 4"},
     {"7x7",
      "0 1 2 1 0 3 1; 2 4 1 0 5 1 2; 1 0 6 3 2 0 4; 3 2 1 7 1 2 0; 0 5 2 1 4 3 1; "
      "2 1 0 3 2 6 2; 1 3 2 0 1 9 0"}}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

float parse_number(std::string_view word, const std::string& name) {
  float value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  require(error == std::errc() && end == word.data() + word.size(),
          "{}: expected numbers such as \"1 2; 3 4\", a file, or one of {}; found '{}'{}", name,
          join(built_in_grids()), word, did_you_mean(word, built_in_grids()));
  return value;
}

}  // namespace

Grid parse_grid(std::string_view text, const std::string& name) {
  Grid grid;
  for (const std::string_view row : split(text, ";\n")) {
    const std::vector<std::string_view> words = split(row, " ,\t\r");
    if (words.empty()) continue;
    const int width = static_cast<int>(words.size());
    require(grid.h == 0 || width == grid.w, "{}: row {} has {} numbers, the rows above have {}",
            name, grid.h + 1, width, grid.w);
    grid.w = width;
    ++grid.h;
    for (const std::string_view word : words) grid.values.push_back(parse_number(word, name));
  }
  require(grid.h > 0, "{}: expected rows of numbers such as \"1 2; 3 4\", found none", name);
  require(grid.h <= kMostGridSide && grid.w <= kMostGridSide,
          "{}: at most {} rows and columns can be shown, found {}x{}", name, kMostGridSide, grid.h,
          grid.w);
  return grid;
}

Grid find_grid(const std::string& word, const std::string& name) {
  for (const BuiltIn& grid : kBuiltIn) {
    if (word == grid.name) return parse_grid(grid.rows, name);
  }
  std::error_code no_file;  // rows of numbers may be too long for a name
  if (std::filesystem::is_regular_file(word, no_file)) {
    return parse_grid(read_file(word, uint64_t{1} << 20), word);
  }
  return parse_grid(word, name);
}

std::vector<std::string> built_in_grids() {
  std::vector<std::string> names;
  for (const BuiltIn& grid : kBuiltIn) names.emplace_back(grid.name);
  return names;
}

std::string short_number(float value) { return fmt::format("{:.5g}", value); }

}  // namespace weir
