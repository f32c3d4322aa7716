// Line charts as pictures: the learning curves of a run.
#pragma once

#include <string>
#include <vector>

#include "datasets/image_io.h"

namespace weir {

// One line: y[i] at x[i]. Points that are not finite leave a gap.
struct Curve {
  std::string label;
  std::vector<double> x, y;
};

// One chart with its own y axis. Up to six curves; colours follow their order.
struct Panel {
  std::string title;
  std::string x_label, y_label;
  std::vector<Curve> curves;
};

struct PlotOptions {
  std::string title;
  int panel_width = 560, panel_height = 400;  // pixels
};

// The panels side by side under one title. Throws kUsage when a curve's x and y differ in length,
// when a panel has more than six curves, or when the picture would be too large.
Picture plot_curves(const std::vector<Panel>& panels, const PlotOptions& options = {});

}  // namespace weir
