#include "apps/pool_walk/arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/core.h>

#include "apps/pool_walk/explain.h"
#include "core/base/names.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

struct Cell {
  int y, x;
  float value, share;
};

// The window as the words see it.
struct View {
  const LayerSpec& layer;
  const PoolWalk& walk;
  const PoolStep& step;
  bool drawn;               // as in training
  std::vector<Cell> cells;  // inside the map

  std::string argument(const std::string& name, const std::string& fallback) const {
    const auto found = layer.args.find(name);
    return found == layer.args.end() ? fallback : found->second.text;
  }
  size_t size() const { return cells.size(); }
};

std::vector<Cell> cells_of(const PoolWalk& walk, const PoolStep& step) {
  std::vector<Cell> cells;
  for (const int y : step.rows) {
    for (const int x : step.cols) {
      if (!walk.input.contains(y, x)) continue;
      cells.push_back({y, x, walk.input.at(y, x), step.shares.at(y, x)});
    }
  }
  return cells;
}

// One term for each cell.
std::string list(const View& view, const char* separator,
                 const std::function<std::string(const Cell&)>& word) {
  std::vector<std::string> words;
  for (const Cell& cell : view.cells) words.push_back(word(cell));
  return join(words, separator);
}

std::string sum(const View& view) {
  return list(view, " + ", [](const Cell& cell) { return term(cell.value); });
}

std::string maximum(const View& view) {
  return "max(" + list(view, ", ", [](const Cell& cell) { return short_number(cell.value); }) + ")";
}

std::string mean(const View& view) { return fmt::format("({}) / {}", sum(view), view.size()); }

// The cells that the layer would send a gradient to.
std::vector<Cell> winners(const View& view) {
  std::vector<Cell> cells;
  std::copy_if(view.cells.begin(), view.cells.end(), std::back_inserter(cells),
               [](const Cell& cell) { return cell.share != 0; });
  return cells;
}

// "1 + 9 + 25 + 36" as "1^2 + 3^2 + 5^2 + 6^2"
std::string powers(const View& view, const std::string& p, bool absolute) {
  return list(view, " + ", [&](const Cell& cell) {
    const bool bars = absolute && std::signbit(cell.value);
    return (bars ? "|" + short_number(cell.value) + "|" : term(cell.value)) + "^" + p;
  });
}

std::string exponential(const View& view, float value) {
  const std::string beta = view.argument("beta", "1");
  return beta == "1" ? "e^" + term(value) : fmt::format("e^({} * {})", beta, term(value));
}

std::string exponentials(const View& view) {
  return list(view, " + ", [&](const Cell& cell) { return exponential(view, cell.value); });
}

std::string say_max(const View& view) { return maximum(view); }

// The divisor is what the layer divides a gradient by.
std::string say_average(const View& view) {
  const auto cell = std::max_element(view.cells.begin(), view.cells.end(), [](auto& a, auto& b) {
    return std::abs(a.share) < std::abs(b.share);
  });
  return fmt::format("({}) / {}", sum(view), short_number(std::round(1 / cell->share)));
}

std::string say_scaled_average(const View& view) {
  return fmt::format("{} * {} + {}", term(view.walk.parameters.at("weight")), mean(view),
                     term(view.walk.parameters.at("bias")));
}

std::string say_p_norm(const View& view) {
  // Overhang scales the sum, so there the formula is clearer without numbers.
  if (view.size() < view.step.rows.size() * view.step.cols.size()) return "";
  const std::string p = view.argument("norm_type", "2");
  return fmt::format("({})^(1/{})", powers(view, p, view.argument("abs", "false") == "true"), p);
}

std::string say_mean_norm(const View& view) {
  const std::string p = view.argument("norm_type", "2");
  const bool absolute = view.argument("abs", "true") == "true";
  return fmt::format("(({}) / {})^(1/{})", powers(view, p, absolute), view.size(), p);
}

std::string say_gem(const View& view) {
  const std::string p = view.argument("p", "3");
  for (const Cell& cell : view.cells) {
    if (cell.value <= 0) return "";  // what is below eps counts as eps
  }
  return fmt::format("(({}) / {})^(1/{})", powers(view, p, false), view.size(), p);
}

std::string say_log_sum_exp(const View& view) {
  const std::string log = fmt::format("log(({}) / {})", exponentials(view), view.size());
  const std::string beta = view.argument("beta", "1");
  return beta == "1" ? log : log + " / " + beta;
}

std::string say_soft(const View& view) {
  const std::string top = list(view, " + ", [&](const Cell& cell) {
    return term(cell.value) + " " + exponential(view, cell.value);
  });
  return fmt::format("({}) / ({})", top, exponentials(view));
}

std::string say_stochastic(const View& view) {
  const bool softmax = view.argument("probability", "relu") == "softmax";
  if (view.drawn) {
    const std::string odds = list(view, ", ", [&](const Cell& cell) {
      return softmax ? exponential(view, cell.value) : short_number(std::max(cell.value, 0.f));
    });
    return fmt::format("one of {}, drawn with odds {}",
                       list(view, ", ", [](const Cell& c) { return short_number(c.value); }), odds);
  }
  if (softmax) return say_soft(view);
  const auto positive = [](const Cell& cell) { return short_number(std::max(cell.value, 0.f)); };
  return fmt::format("({}) / ({})",
                     list(view, " + ", [&](const Cell& c) { return positive(c) + "^2"; }),
                     list(view, " + ", positive));
}

std::string say_mixed(const View& view) {
  const std::string share = short_number(view.walk.parameters.at("share"));
  return fmt::format("{} * {} + (1 - {}) * {}", share, maximum(view), share, mean(view));
}

std::string say_random_mixed(const View& view) {
  if (!view.drawn) return fmt::format("0.5 * {} + 0.5 * {}", maximum(view), mean(view));
  if (view.size() == 1) return "the only input, whatever the coin says: " + maximum(view);
  const bool is_max = winners(view).size() == 1;
  return is_max ? "the coin says maximum: " + maximum(view)
                : "the coin says average: " + mean(view);
}

std::string say_gated(const View& view) {
  return fmt::format("g {} + (1 - g) {}, g = sigmoid(0), as every weight starts at 0,",
                     maximum(view), mean(view));
}

// A filter is linear: what a cell adds is its gradient times its value.
std::string say_filter(const View& view) {
  return list(view, " + ",
              [](const Cell& cell) { return short_number(cell.share) + " * " + term(cell.value); });
}

struct Explanation {
  std::string_view word;
  std::string (*say)(const View& view);  // "" where the formula says it better
};
constexpr std::array<Explanation, 17> kExplanations = {{
    {"max_pool2d", say_max},
    {"adaptive_max_pool2d", say_max},
    {"global_max_pool2d", say_max},
    {"fractional_max_pool2d", say_max},
    {"avg_pool2d", say_average},
    {"adaptive_avg_pool2d", say_average},
    {"global_avg_pool2d", say_average},
    {"scaled_avg_pool2d", say_scaled_average},
    {"lp_pool2d", say_p_norm},
    {"lp_mean_pool2d", say_mean_norm},
    {"gem_pool2d", say_gem},
    {"log_sum_exp_pool2d", say_log_sum_exp},
    {"soft_pool2d", say_soft},
    {"stochastic_pool2d", say_stochastic},
    {"mixed_pool2d", say_mixed},
    {"random_mixed_pool2d", say_random_mixed},
    {"gated_pool2d", say_gated},
}};

std::string arithmetic(const View& view) {
  const std::string_view word = view.layer.kind;
  if (view.size() == 0 || view.size() > kMostTerms) return "";
  if (word == "blur_pool2d") return say_filter(view);
  for (const Explanation& explanation : kExplanations) {
    if (explanation.word == word) return explanation.say(view);
  }
  return "";
}

}  // namespace

std::string explain_value(const PoolWalkOptions& options, const PoolWalk& walk,
                          const PoolStep& step) {
  const View view{options.layer, walk, step, options.seed.has_value(), cells_of(walk, step)};
  const std::string said = arithmetic(view);
  const std::string how =
      said.empty() ? std::string(find_layer_kind(options.layer.kind)->help) : said;
  const std::vector<Cell> won = winners(view);
  const bool routed = won.size() == 1 && won[0].share == 1;
  return fmt::format("{} = {}{}", how, short_number(step.value),
                     routed ? " at " + place(won[0].y, won[0].x) : "");
}

}  // namespace weir
