#include "datasets/drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "core/base/error.h"
#include "datasets/font.h"
#include "train/diagnose/report.h"

namespace weir {
namespace {

constexpr Colour kPaper{255, 255, 255}, kText{40, 44, 52}, kQuiet{110, 116, 128};
constexpr Colour kTrack{236, 239, 243};
// Of the palette of Okabe and Ito (2008), as in the curves: gradients, ties, the shift.
constexpr Colour kBlue{0, 114, 178}, kOrange{213, 94, 0}, kGreen{0, 158, 115};

constexpr int kWidth = 900, kTitleHeight = 52, kBandHeight = 222;
constexpr int kMargin = 26, kHeadHeight = 34;
constexpr int kBarLeft = 250, kBarWidth = 300, kBarHeight = 14, kBarStep = 27;
constexpr int kMapLeft = 700, kMapSide = 150;
constexpr float kTextSize = 10, kTitleSize = 14;

struct Bar {
  std::string_view label;
  std::optional<double> value;  // 1 fills the bar; none: the layer has no answer
  Colour colour;
};

std::array<Bar, 6> bars_of(const PoolDiagnosis& layer) {
  std::optional<double> ties, zero_ties;
  if (layer.maxima) ties = layer.maxima->ties;
  if (layer.maxima) zero_ties = layer.maxima->ties * layer.maxima->zero_ties;
  return {{{"no gradient, per batch", layer.zero_gradient, kBlue},
           {"no gradient, never", layer.never_reached, kBlue},
           {"windows with ties", ties, kOrange},
           {"windows of zeros", zero_ties, kOrange},
           {"change by a shift", layer.shift_change, kGreen},
           {"the same, moved along", layer.shift_beyond_motion, kGreen}}};
}

void draw_bar(Drawing& drawing, const Bar& bar, int top) {
  const auto base = static_cast<float>(top + kBarHeight - 2);
  draw_text(drawing, {kBarLeft - 12, base}, bar.label,
            {.size = kTextSize, .colour = kText, .align = Align::kRight});
  drawing.rectangle(kBarLeft, top, kBarWidth, kBarHeight, kTrack);
  if (bar.value) {
    const double filled = std::clamp(*bar.value, 0., 1.) * kBarWidth;
    drawing.rectangle(kBarLeft, top, static_cast<int>(std::lround(filled)), kBarHeight, bar.colour);
  }
  draw_text(drawing, {kBarLeft + kBarWidth + 10, base},
            bar.value ? fmt::format("{:.1f}%", 100 * *bar.value) : "-",
            {.size = kTextSize, .colour = kQuiet});
}

// From paper (0) to blue (1).
Colour heat(double part) {
  const auto mix = [&](uint8_t from, uint8_t to) {
    return static_cast<uint8_t>(std::lround(from + part * (to - from)));
  };
  return {mix(kPaper.red, kBlue.red), mix(kPaper.green, kBlue.green), mix(kPaper.blue, kBlue.blue)};
}

// Taps as squares, the largest share darkest; in per cent where there is room.
void draw_heat_map(Drawing& drawing, const Window2d& window, const std::vector<double>& winners,
                   int top) {
  constexpr int kRoomForText = 34;
  const int rows = window.y.kernel, columns = window.x.kernel;
  const int side = std::max(kMapSide / std::max(rows, columns), 1);
  const double most = *std::max_element(winners.begin(), winners.end());
  for (int tap = 0; tap < rows * columns; ++tap) {
    const double share = winners[static_cast<size_t>(tap)];
    const double part = most > 0 ? share / most : 0;
    const int x = kMapLeft + tap % columns * side, y = top + tap / columns * side;
    drawing.rectangle(x, y, side, side, kTrack);
    const int gap = side > 3 ? 1 : 0;
    drawing.rectangle(x + gap, y + gap, side - 2 * gap, side - 2 * gap, heat(part));
    if (side < kRoomForText) continue;
    constexpr double kDark = 0.55;
    draw_text(
        drawing,
        {static_cast<float>(x) + static_cast<float>(side) / 2,
         static_cast<float>(y) + (static_cast<float>(side) + kTextSize) / 2},
        fmt::format("{:.1f}", 100 * share),
        {.size = kTextSize, .colour = part > kDark ? kPaper : kText, .align = Align::kCentre});
  }
}

void draw_layer(Drawing& drawing, const PoolDiagnosis& layer, int top) {
  const PoolingLayer& where = layer.where;
  drawing.rectangle(kMargin, top, kWidth - 2 * kMargin, 1, kTrack);
  const auto base = static_cast<float>(top + kHeadHeight - 8);
  draw_text(drawing, {kMargin, base},
            fmt::format("{}  {}  {} stride {}  {} to {}", where.path, where.layer->kind(),
                        kernel_text(where), stride_text(where), where.in.str(), where.out.str()),
            {.size = kTextSize + 1, .colour = kText, .bold = true});
  int bar_top = top + kHeadHeight + 14;
  for (const Bar& bar : bars_of(layer)) {
    draw_bar(drawing, bar, bar_top);
    bar_top += kBarStep;
  }
  if (!layer.maxima) return;
  draw_text(drawing, {kMapLeft, base}, "argmax, %", {.size = kTextSize, .colour = kQuiet});
  draw_heat_map(drawing, where.window, layer.maxima->winners, top + kHeadHeight + 10);
}

}  // namespace

Picture draw_diagnosis(const std::string& title, const Diagnosis& diagnosis) {
  const int64_t height = kTitleHeight + int64_t{kBandHeight} * std::ssize(diagnosis.layers);
  require(height <= kMaxPictureSide, "{} pooling layers do not fit into a picture of {} pixels",
          diagnosis.layers.size(), kMaxPictureSide);
  Drawing drawing(kWidth, static_cast<int>(height), kPaper);
  draw_text(drawing, {kMargin, kTitleHeight - 18}, title,
            {.size = std::min(kTitleSize,
                              kTitleSize * (kWidth - 2 * kMargin) / text_width(title, kTitleSize)),
             .colour = kText,
             .bold = true});
  int top = kTitleHeight;
  for (const PoolDiagnosis& layer : diagnosis.layers) {
    draw_layer(drawing, layer, top);
    top += kBandHeight;
  }
  return drawing.picture();
}

}  // namespace weir
