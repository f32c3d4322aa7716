#include "apps/pool_walk/draw.h"

#include <algorithm>

#include <fmt/core.h>

#include "apps/terminal.h"

namespace weir {
namespace {

constexpr const char* kOutside = "·";
constexpr const char* kUnknown = "?";

size_t number_width(const Grid& grid) {
  size_t width = 1;
  for (const float value : grid.values) width = std::max(width, short_number(value).size());
  return width;
}

// One column of the screen for `text`, which may be a dot of two bytes.
std::string cell(const std::string& text, size_t width, bool is_marked) {
  const size_t columns = text == kOutside ? 1 : text.size();
  const std::string padded = std::string(width - columns, ' ') + text;
  return is_marked ? styled("[" + padded + "]", Style::kInverse, Stream::kOut) : " " + padded + " ";
}

Range reach(const PoolWalk& walk, std::vector<int> PoolStep::*taps, int in) {
  Range range{0, in};
  for (const PoolStep& step : walk.steps) {
    if ((step.*taps).empty()) continue;
    range.begin = std::min(range.begin, (step.*taps).front());
    range.end = std::max(range.end, (step.*taps).back() + 1);
  }
  return range;
}

}  // namespace

TextBlock draw_map(const PoolWalk& walk, const Grid& values,
                   const std::function<bool(int y, int x)>& is_marked) {
  const Range rows = reach(walk, &PoolStep::rows, values.h);
  const Range cols = reach(walk, &PoolStep::cols, values.w);
  const size_t width = number_width(values);
  TextBlock block{.width = static_cast<size_t>(cols.size()) * (width + 2), .lines = {}};
  for (int y = rows.begin; y < rows.end; ++y) {
    std::string line;
    for (int x = cols.begin; x < cols.end; ++x) {
      const bool inside = values.contains(y, x);
      line += cell(inside ? short_number(values.at(y, x)) : kOutside, width, is_marked(y, x));
    }
    block.lines.push_back(line);
  }
  return block;
}

TextBlock draw_output(const Grid& values, size_t last) {
  const size_t width = number_width(values);
  TextBlock block{.width = static_cast<size_t>(values.w) * (width + 2), .lines = {}};
  for (int y = 0; y < values.h; ++y) {
    std::string line;
    for (int x = 0; x < values.w; ++x) {
      const bool is_known = static_cast<size_t>(y * values.w + x) <= last;
      line += cell(is_known ? short_number(values.at(y, x)) : kUnknown, width, false);
    }
    block.lines.push_back(line);
  }
  return block;
}

std::string side_by_side(const TextBlock& left, const TextBlock& right) {
  std::string text;
  for (size_t i = 0; i < std::max(left.lines.size(), right.lines.size()); ++i) {
    std::string line = "  ";
    line += i < left.lines.size() ? left.lines[i] : std::string(left.width, ' ');
    if (i < right.lines.size()) line += "     " + right.lines[i];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string indented(const TextBlock& block) { return side_by_side(block, {}); }

}  // namespace weir
