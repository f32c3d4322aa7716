#include "apps/pool_walk/grid.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "apps/pool_walk/built_in_grids.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"

namespace weir {
namespace {

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
  for (const BuiltInGrid& grid : kBuiltInGrids) {
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
  for (const BuiltInGrid& grid : kBuiltInGrids) names.emplace_back(grid.name);
  return names;
}

std::string short_number(float value) { return fmt::format("{:.5g}", value); }

}  // namespace weir
