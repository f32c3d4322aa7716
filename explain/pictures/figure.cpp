#include "explain/pictures/figure.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/base/error.h"
#include "datasets/drawing.h"
#include "datasets/font.h"
#include "datasets/resize.h"
#include "explain/pictures/colour_map.h"
#include "explain/pictures/panel.h"

namespace weir {
namespace {

constexpr Colour kPaper{255, 255, 255}, kText{40, 44, 52};
constexpr int kMargin = 14, kGap = 10, kLineHeight = 18;
constexpr int kBarWidth = 14, kTick = 4, kNumbersWidth = 64;
constexpr float kTextSize = 10;

std::vector<Picture> panels_of(const Picture& picture, const Explanation& explanation, int side) {
  const Picture seen = fitted(picture, side);
  std::vector<Picture> panels{seen, overlaid(seen, explanation.map)};
  if (explanation.pattern.empty()) return panels;
  const HeatMap& map = explanation.map;
  const int channels = static_cast<int>(explanation.pattern.size() / map.values.size());
  const Picture pattern = pattern_picture(explanation.pattern, channels, map.height, map.width);
  panels.push_back(resize(pattern, seen.width, seen.height,
                          seen.width >= map.width ? ResizeMethod::kNearest : ResizeMethod::kArea));
  return panels;
}

// The lowest value at the bottom.
void draw_bar(Drawing& drawing, int left, int top, int height, const HeatMap& map) {
  for (int y = 0; y < height; ++y) {
    drawing.rectangle(left, top + y, kBarWidth, 1,
                      heat_colour(1 - double(y) / std::max(height - 1, 1)));
  }
  const float low = map.lowest(), high = map.highest();
  const auto number = [&](float value, float part) {
    const int y = top + static_cast<int>((1 - part) * static_cast<float>(height - 1));
    drawing.rectangle(left + kBarWidth, y, kTick, 1, kText);
    draw_text(
        drawing,
        {static_cast<float>(left + kBarWidth + kTick + 3), static_cast<float>(y) + kTextSize / 2},
        fmt::format("{:.3g}", value), {.size = kTextSize, .colour = kText});
  };
  number(low, 0);
  if (high == low) return;
  number(high, 1);
  const float zero = -low / (high - low), room = 1.5f * kTextSize / static_cast<float>(height);
  if (zero > room && zero < 1 - room) number(0, zero);
}

void draw_lines(Drawing& drawing, const std::vector<std::string>& lines) {
  const auto room = static_cast<float>(drawing.picture().width - 2 * kMargin);
  for (size_t i = 0; i < lines.size(); ++i) {
    const float width = text_width(lines[i], kTextSize);
    draw_text(drawing, {kMargin, static_cast<float>(kMargin + kLineHeight * (int(i) + 1)) - 6},
              lines[i],
              {.size = std::min(kTextSize, kTextSize * room / std::max(width, 1.f)),
               .colour = kText,
               .bold = i == 0});
  }
}

}  // namespace

Picture draw_figure(const Picture& picture, const Explanation& explanation,
                    const FigureOptions& options) {
  constexpr int kLeastSide = 16;
  require(options.side >= kLeastSide, "figure: expected panels of at least {} pixels, found {}",
          kLeastSide, options.side);
  const std::vector<Picture> panels = panels_of(picture, explanation, options.side);
  const int step = panels[0].width + kGap, count = static_cast<int>(panels.size());
  const int top = kMargin + kLineHeight * static_cast<int>(options.lines.size());
  const int bar = kMargin + step * count;
  Drawing drawing(bar + kBarWidth + kNumbersWidth + kMargin, top + panels[0].height + kMargin,
                  kPaper);
  draw_lines(drawing, options.lines);
  for (int i = 0; i < count; ++i) drawing.paste(panels[size_t(i)], kMargin + step * i, top, 1);
  draw_bar(drawing, bar, top, panels[0].height, explanation.map);
  return drawing.picture();
}

}  // namespace weir
