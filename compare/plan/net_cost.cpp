#include "compare/plan/net_cost.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/error.h"
#include "layers/state.h"
#include "models/registry.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

constexpr double kWidest = 64, kStep = 1e-3;

double rounded(double width) { return std::max(kStep, std::round(width / kStep) * kStep); }

}  // namespace

NetCost net_cost(const Config& config) {
  ModelOptions options = config.model;
  if (config.data.name == "image_folder") {
    options.in_height = options.in_width = config.data.image_size;
  }
  const Model model = build_model(options);
  return {.parameters = parameter_count(*model.net), .macs = model.net->macs(model.input)};
}

double width_for(Config config, int64_t NetCost::*measure, int64_t goal) {
  require(applies(*find_key("model.width"), config),
          "the width of model.name {} cannot be chosen: it has no model.width", config.model.name);
  const auto cost = [&](double width) {
    config.model.width = width;
    return net_cost(config).*measure;
  };
  double low = 0, high = rounded(config.model.width);
  while (cost(high) < goal) {
    require(high < kWidest, "no model.width up to {} reaches {}", kWidest, goal);
    low = high;
    high = std::min(2 * high, kWidest);
  }
  while (high - low > kStep) {  // costs rise with the width
    const double middle = rounded((low + high) / 2);
    if (middle <= low || middle >= high) break;
    (cost(middle) < goal ? low : high) = middle;
  }
  if (low == 0) return rounded(high);
  return goal - cost(low) < cost(high) - goal ? rounded(low) : rounded(high);
}

double cost_gap(int64_t a, int64_t b) {
  const double larger = static_cast<double>(std::max(a, b));
  return larger == 0 ? 0 : static_cast<double>(std::abs(a - b)) / larger;
}

}  // namespace weir
