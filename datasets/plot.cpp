#include "datasets/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "datasets/drawing.h"
#include "datasets/font.h"
#include "datasets/ticks.h"

namespace weir {
namespace {

constexpr Colour kPaper{255, 255, 255}, kText{40, 44, 52}, kQuiet{110, 116, 128};
constexpr Colour kGrid{228, 231, 236}, kAxis{150, 156, 166};
// Told apart also by people who see fewer colours (the palette of Okabe and Ito, 2008).
constexpr std::array<Colour, 6> kColours = {
    {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233}}};

constexpr int kLeft = 74, kRight = 26, kTop = 52, kBottom = 58;  // around a panel's plot area
constexpr int kTitleHeight = 48;
constexpr float kTextSize = 10, kTitleSize = 14, kLineWidth = 2.4f;
constexpr size_t kMostDots = 40;  // points of a longer curve are not marked

struct Bounds {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  Bounds or_unit() const { return low <= high ? *this : Bounds{0, 1}; }
};

bool is_drawn(const Curve& curve, size_t i) {
  return std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]);
}

// One panel with its upper left corner at (left, top).
class PanelPlot {
 public:
  PanelPlot(Drawing& drawing, const Panel& panel, int left, int top, const PlotOptions& options)
      : drawing_(drawing),
        panel_(panel),
        left_(left + kLeft),
        top_(top + kTop),
        width_(options.panel_width - kLeft - kRight),
        height_(options.panel_height - kTop - kBottom) {
    scale_axes();
  }

  void draw() const {
    draw_grid();
    draw_labels();
    draw_legend();
    for (size_t i = 0; i < panel_.curves.size(); ++i) draw_curve(panel_.curves[i], kColours[i]);
  }

 private:
  void scale_axes() {
    Bounds x, y;
    bool whole = true;
    for (const Curve& curve : panel_.curves) {
      for (size_t i = 0; i < curve.x.size(); ++i) {
        if (!is_drawn(curve, i)) continue;
        x.include(curve.x[i]);
        y.include(curve.y[i]);
        whole = whole && curve.x[i] == std::floor(curve.x[i]);
      }
    }
    constexpr int kPixelsPerTick = 48;
    x_range_ = x.or_unit();
    if (x_range_.low == x_range_.high) x_range_ = {x_range_.low - 1, x_range_.low + 1};
    x_ticks_ = nice_ticks(x_range_.low, x_range_.high, std::max(width_ / kPixelsPerTick, 2), whole);
    y_ticks_ = nice_ticks(y.or_unit().low, y.or_unit().high, std::max(height_ / kPixelsPerTick, 2));
  }

  float x_of(double x) const {
    const double part = (x - x_range_.low) / (x_range_.high - x_range_.low);
    return static_cast<float>(left_ + part * width_);
  }
  float y_of(double y) const {
    const double part = (y - y_ticks_.first) / (y_ticks_.last() - y_ticks_.first);
    return static_cast<float>(top_ + height_ - part * height_);
  }

  void draw_grid() const {
    const TextStyle number{.size = kTextSize, .colour = kQuiet};
    TextStyle at_left = number, below = number;
    at_left.align = Align::kRight;
    below.align = Align::kCentre;
    for (int i = 0; i < y_ticks_.count; ++i) {
      const float y = y_of(y_ticks_.value(i));
      drawing_.rectangle(left_, static_cast<int>(std::lround(y)), width_, 1, kGrid);
      draw_text(drawing_, {static_cast<float>(left_ - 9), y + kTextSize / 2}, y_ticks_.text(i),
                at_left);
    }
    // The x axis ends at the data, so its outer ticks may lie beyond it.
    for (int i = 0; i < x_ticks_.count; ++i) {
      const double value = x_ticks_.value(i);
      if (value < x_range_.low || value > x_range_.high) continue;
      const float x = x_of(value);
      drawing_.rectangle(static_cast<int>(std::lround(x)), top_, 1, height_, kGrid);
      draw_text(drawing_, {x, static_cast<float>(top_ + height_) + 11 + kTextSize},
                x_ticks_.text(i), below);
    }
    drawing_.rectangle(left_, top_ + height_, width_ + 1, 1, kAxis);
  }

  void draw_labels() const {
    const auto left = static_cast<float>(left_), top = static_cast<float>(top_);
    const float middle_x = left + static_cast<float>(width_) / 2;
    const float middle_y = top + static_cast<float>(height_) / 2;
    draw_text(drawing_, {left, top - 20}, panel_.title,
              {.size = kTextSize + 1, .colour = kText, .bold = true});
    draw_text(drawing_, {middle_x, top + static_cast<float>(height_) + 46}, panel_.x_label,
              {.size = kTextSize, .colour = kQuiet, .align = Align::kCentre});
    draw_text(drawing_, {left - 52, middle_y}, panel_.y_label,
              {.size = kTextSize, .colour = kQuiet, .align = Align::kCentre, .upwards = true});
  }

  // Above the plot area, from right to left.
  void draw_legend() const {
    constexpr float kSample = 20, kSpace = 8, kBetween = 18;
    const float y = static_cast<float>(top_) - 20;
    auto right = static_cast<float>(left_ + width_);
    for (size_t i = panel_.curves.size(); i-- > 0;) {
      const std::string& label = panel_.curves[i].label;
      draw_text(drawing_, {right, y}, label,
                {.size = kTextSize, .colour = kText, .align = Align::kRight});
      right -= text_width(label, kTextSize) + kSpace;
      const Segment sample{{right - kSample, y - kTextSize / 2}, {right, y - kTextSize / 2}};
      drawing_.lines({&sample, 1}, kLineWidth, kColours[i]);
      right -= kSample + kBetween;
    }
  }

  void draw_curve(const Curve& curve, Colour colour) const {
    std::vector<Segment> line, dots;
    for (size_t i = 0; i < curve.x.size(); ++i) {
      if (!is_drawn(curve, i)) continue;
      const Point point{x_of(curve.x[i]), y_of(curve.y[i])};
      dots.push_back({point, point});
      const bool joined = i > 0 && is_drawn(curve, i - 1);
      line.push_back({joined ? Point{x_of(curve.x[i - 1]), y_of(curve.y[i - 1])} : point, point});
    }
    drawing_.lines(line, kLineWidth, colour);
    if (dots.size() > kMostDots) return;
    drawing_.lines(dots, 3 * kLineWidth, colour);
    drawing_.lines(dots, 1.2f * kLineWidth, kPaper);
  }

  Drawing& drawing_;
  const Panel& panel_;
  int left_, top_, width_, height_;  // of the plot area
  Bounds x_range_;
  Ticks x_ticks_, y_ticks_;
};

void check(const std::vector<Panel>& panels, const PlotOptions& options) {
  require(!panels.empty(), "plot_curves: expected at least one panel");
  constexpr int kSmallest = 200;
  require(options.panel_width >= kSmallest && options.panel_height >= kSmallest &&
              options.panel_width * static_cast<int64_t>(panels.size()) <= kMaxPictureSide &&
              options.panel_height + kTitleHeight <= kMaxPictureSide,
          "plot_curves: {} panels of {} x {} pixels; a panel needs {} x {} or more, the picture at "
          "most {} x {}",
          panels.size(), options.panel_width, options.panel_height, kSmallest, kSmallest,
          kMaxPictureSide, kMaxPictureSide);
  for (const Panel& panel : panels) {
    require(panel.curves.size() <= kColours.size(),
            "plot_curves: panel '{}' has {} curves; at most {} can be told apart", panel.title,
            panel.curves.size(), kColours.size());
    for (const Curve& curve : panel.curves) {
      require(curve.x.size() == curve.y.size(), "plot_curves: curve '{}' has {} x and {} y values",
              curve.label, curve.x.size(), curve.y.size());
    }
  }
}

// Smaller when the title would not fit.
float title_size(const std::string& title, int width) {
  const float natural = text_width(title, kTitleSize);
  const auto room = static_cast<float>(width - 2 * kRight);
  return natural > room ? kTitleSize * room / natural : kTitleSize;
}

}  // namespace

Picture plot_curves(const std::vector<Panel>& panels, const PlotOptions& options) {
  check(panels, options);
  const int width = options.panel_width * static_cast<int>(panels.size());
  const int title_height = options.title.empty() ? 0 : kTitleHeight;
  Drawing drawing(width, options.panel_height + title_height, kPaper);
  draw_text(drawing, {static_cast<float>(width) / 2, 38}, options.title,
            {.size = title_size(options.title, width),
             .colour = kText,
             .align = Align::kCentre,
             .bold = true});
  for (size_t i = 0; i < panels.size(); ++i) {
    PanelPlot(drawing, panels[i], static_cast<int>(i) * options.panel_width, title_height, options)
        .draw();
  }
  return drawing.picture();
}

}  // namespace weir
