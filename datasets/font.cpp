#include "datasets/font.h"

#include <algorithm>

namespace weir {
namespace {

constexpr int kColumns = 5, kRows = 9, kCapitalRows = 7, kGlyphsPerBand = 16;
constexpr char kFirst = ' ', kLast = '~';

// Every glyph is 5 dots wide and 9 high (capitals and digits stand on the seventh row); 16 glyphs
// in a band, in the order of ASCII. Dots next to each other are joined by strokes when drawn.
constexpr std::string_view kGlyphs =
    R"(
........#....#.#...#.#....#...##.....##.....#......#...#......................................#
........#....#.#...#.#...####.##..#.#..#....#.....#.....#.....#.....#.........................#
........#....#.#..#####.#.#......#..#.#.....#....#.......#..#.#.#...#........................#.
........#..........#.#...###....#....#...........#.......#...###..#####........###..........#..
........#.........#####...#.#..#....#.#.#........#.......#..#.#.#...#......................#...
...................#.#..####..#..##.#..#..........#.....#.....#.....#.....#...............#....
........#..........#.#....#......##..##.#..........#...#..................#...........#...#....
.........................................................................#.....................
...............................................................................................
.###....#....###...###.....#..#####..###..#####..###...###.................#........#......###.
#...#..##...#...#.#...#...##..#.....#.........#.#...#.#...#...............#..........#....#...#
#...#...#.......#.....#..#.#..####..#........#..#...#.#...#...#.....#....#....####....#.......#
#...#...#......#....##..#..#......#.####....#....###...####.............#..............#.....#.
#...#...#.....#.......#.#####.....#.#...#...#...#...#.....#..............#....####....#.....#..
#...#...#....#....#...#....#..#...#.#...#..#....#...#.....#.........#.....#..........#.........
.###...###..#####..###.....#...###...###...#.....###...###....#.....#......#........#.......#..
...................................................................#...........................
...............................................................................................
.###....#...####...###..####..#####.#####..###..#...#..###....###.#...#.#.....#...#.#...#..###.
#...#..#.#..#...#.#...#.#...#.#.....#.....#...#.#...#...#......#..#..#..#.....##.##.#...#.#...#
#.###.#...#.#...#.#.....#...#.#.....#.....#.....#...#...#......#..#.#...#.....#.#.#.##..#.#...#
#.#.#.#...#.####..#.....#...#.####..####..#..##.#####...#......#..##....#.....#.#.#.#.#.#.#...#
#.###.#####.#...#.#.....#...#.#.....#.....#...#.#...#...#......#..#.#...#.....#...#.#..##.#...#
#.....#...#.#...#.#...#.#...#.#.....#.....#...#.#...#...#...#..#..#..#..#.....#...#.#...#.#...#
.###..#...#.####...###..####..#####.#......###..#...#..###...##...#...#.####..#...#.#...#..###.
...............................................................................................
...............................................................................................
####...###..####...####.#####.#...#.#...#.#...#.#...#.#...#.#####..###..#......###....#........
#...#.#...#.#...#.#.......#...#...#.#...#.#...#.#...#.#...#.....#..#....#........#...#.#.......
#...#.#...#.#...#.#.......#...#...#.#...#.#...#..#.#...#.#.....#...#.....#.......#..#...#......
####..#...#.####...###....#...#...#..#.#..#.#.#...#.....#.....#....#......#......#.............
#.....#.#.#.#.#.......#...#...#...#..#.#..#.#.#..#.#....#....#.....#.......#.....#.............
#.....#..#..#..#......#...#...#...#..#.#..##.##.#...#...#...#......#........#....#.............
#......##.#.#...#.####....#....###....#...#...#.#...#...#...#####..###......#..###.............
..........................................................................................#####
...............................................................................................
.#..........#...............#.........##........#.......#......#..#......#.....................
..#.........#...............#........#..........#.................#......#.....................
.......###..####...###...####..###..####...####.####....#......#..#..#...#....####..####...###.
..........#.#...#.#.....#...#.#...#..#....#...#.#...#...#......#..#.#....#....#.#.#.#...#.#...#
.......####.#...#.#.....#...#.#####..#....#...#.#...#...#......#..##.....#....#.#.#.#...#.#...#
......#...#.#...#.#.....#...#.#......#....#...#.#...#...#......#..#.#....#....#.#.#.#...#.#...#
.......####.####...###...####..###...#.....####.#...#...#......#..#..#....#...#.#.#.#...#..###.
..............................................#................#...............................
...........................................###...............##................................
.........................#...........................................#....#....#...............
.........................#..........................................#.....#.....#..............
####...####.#.##...###..####..#...#.#...#.#...#.#...#.#...#.#####...#.....#.....#....##.#......
#...#.#...#.##....#......#....#...#.#...#.#.#.#..#.#..#...#....#...#......#......#..#..#.......
#...#.#...#.#......###...#....#...#..#.#..#.#.#...#...#...#...#.....#.....#.....#..............
#...#.#...#.#.........#..#....#...#..#.#..#.#.#..#.#..#...#..#......#.....#.....#..............
####...####.#.....####....##...####...#....#.#..#...#..####.#####....#....#....#...............
#.........#...............................................#...............#....................
#.........#............................................###.....................................
)";

bool dot(char letter, int column, int row) {
  if (column < 0 || column >= kColumns || row < 0 || row >= kRows) return false;
  const int glyph = letter - kFirst;
  constexpr int kLine = kGlyphsPerBand * (kColumns + 1);  // a line break instead of the last gap
  const int line = glyph / kGlyphsPerBand * kRows + row;
  const int place = line * kLine + glyph % kGlyphsPerBand * (kColumns + 1) + column;
  return kGlyphs[1 + place] == '#';  // the text begins with a line break
}

char printable(char letter) { return letter >= kFirst && letter <= kLast ? letter : '?'; }

// The columns of a glyph that hold ink.
struct Extent {
  int first, last;
};

Extent extent(char letter) {
  if (letter == ' ') return {0, 2};
  if (letter >= '0' && letter <= '9') return {0, kColumns - 1};
  Extent extent{kColumns, 0};
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      if (!dot(letter, column, row)) continue;
      extent.first = std::min(extent.first, column);
      extent.last = std::max(extent.last, column);
    }
  }
  return extent;
}

constexpr float kGap = 1.9f;  // dots from one glyph's last column to the next one's first

float width_in_dots(std::string_view text) {
  float width = 0;
  for (char letter : text) {
    const auto [first, last] = extent(printable(letter));
    width += static_cast<float>(last - first) + kGap;
  }
  return text.empty() ? 0 : width - kGap;
}

float dot_pitch(float size) { return size / (kCapitalRows - 1); }

// Calls stroke(column, row, column step, row step) for every pair of joined dots, and with steps 0
// for a single dot. Diagonal neighbours are joined only where no dot beside both connects them.
template <class Stroke>
void for_each_stroke(char letter, Stroke stroke) {
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      if (!dot(letter, column, row)) continue;
      const bool right = dot(letter, column + 1, row), left = dot(letter, column - 1, row);
      const bool below = dot(letter, column, row + 1);
      stroke(column, row, 0, 0);
      if (right) stroke(column, row, 1, 0);
      if (below) stroke(column, row, 0, 1);
      if (!below && !right && dot(letter, column + 1, row + 1)) stroke(column, row, 1, 1);
      if (!below && !left && dot(letter, column - 1, row + 1)) stroke(column, row, -1, 1);
    }
  }
}

}  // namespace

float text_width(std::string_view text, float size) {
  return width_in_dots(text) * dot_pitch(size);
}

void draw_text(Drawing& drawing, Point anchor, std::string_view text, const TextStyle& style) {
  const float pitch = dot_pitch(style.size);
  const float shift = style.align == Align::kLeft     ? 0.0f
                      : style.align == Align::kCentre ? width_in_dots(text) / 2
                                                      : width_in_dots(text);
  // A place in dots, along the text and down from its line, on the drawing.
  const auto place = [&](float along, int row) {
    const float x = (along - shift) * pitch, y = static_cast<float>(row - kCapitalRows + 1) * pitch;
    return style.upwards ? Point{anchor.x + y, anchor.y - x} : Point{anchor.x + x, anchor.y + y};
  };
  std::vector<Segment> segments;
  float start = 0;
  for (char letter : text) {
    const auto [first, last] = extent(printable(letter));
    const float origin = start - static_cast<float>(first);
    for_each_stroke(printable(letter), [&](int column, int row, int right, int down) {
      const float along = origin + static_cast<float>(column);
      segments.push_back({place(along, row), place(along + static_cast<float>(right), row + down)});
    });
    start += static_cast<float>(last - first) + kGap;
  }
  drawing.lines(segments, pitch * (style.bold ? 1.15f : 0.8f), style.colour);
}

}  // namespace weir
