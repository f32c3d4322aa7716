// One pooling layer on one small map, taken apart into its windows. Every value and gradient comes
// from the library's layer: forward once, then backward from each output alone.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/pool_walk/grid.h"
#include "core/window.h"
#include "models/model_options.h"

namespace weir {

// The pooling words of models/layer_kinds.h that walk over one map.
std::vector<std::string> pool_words();
// "max", "max_pool" and "max_pool2d" are max_pool2d. Throws kUsage with the nearest name.
std::string find_pool_word(const std::string& word);

struct PoolWalkOptions {
  LayerSpec layer;  // of one of the pool_words()
  Grid input;
  std::optional<Grid> upstream = std::nullopt;  // the gradient of the output; none: ones
  std::optional<uint64_t> seed = std::nullopt;  // draw as training does; none: as evaluation does
};

struct PoolStep {
  int y = 0, x = 0;             // of the output
  std::vector<int> rows, cols;  // that the window looks at; also outside the map
  float value = 0;
  Grid shares;  // gradient of the input for a gradient of 1 at this output, and 0 elsewhere
  Grid sent;    // the same for the upstream gradient at this output
  Grid sum;     // the same for this output and all before it
};

struct PoolWalk {
  std::string layer;                        // "MaxPool2d(kernel_size=2, ...)"
  std::array<std::string, 2> geometry;      // of rows and columns: the master formula
  std::map<std::string, float> parameters;  // of the layer: the first number of each
  Grid input, output, upstream, input_gradient;
  std::vector<PoolStep> steps;  // row by row

  const PoolStep& step(int y, int x) const {
    return steps[static_cast<size_t>(y) * static_cast<size_t>(output.w) + static_cast<size_t>(x)];
  }
};

// Throws what the layer throws (kUsage: with the master formula where a window does not fit), and
// kUsage for an upstream gradient that has not the output's shape.
PoolWalk walk_pool(const PoolWalkOptions& options);

}  // namespace weir
