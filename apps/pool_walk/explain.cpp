#include "apps/pool_walk/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/core.h>

#include "core/base/names.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

constexpr size_t kMostTerms = 16;

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

std::string place(int y, int x) { return fmt::format("({}, {})", y, x); }

// Negative numbers in a product or sum stand in parentheses.
std::string term(float value) {
  return std::signbit(value) ? "(" + short_number(value) + ")" : short_number(value);
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
  return fmt::format("(({}) / {})^(1/{})", powers(view, p, true), view.size(), p);
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

// "1 / 4 = 0.25", or "1: 0.5" where no whole number divides.
std::string divided(float dy, float part, size_t parts) {
  const float divisor = dy / part;
  const float whole = std::round(divisor);
  const bool splits =
      std::abs(divisor - whole) < 1e-4f * whole && whole >= static_cast<float>(parts);
  return splits ? fmt::format("{} / {} = {}", short_number(dy), short_number(whole),
                              short_number(part))
                : fmt::format("{}: {}", short_number(dy), short_number(part));
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

std::string explain_gradient(const PoolWalk& walk, const PoolStep& step) {
  const float dy = walk.upstream.at(step.y, step.x);
  if (dy == 0) return "0: there is nothing to send";
  std::vector<std::string> places, parts;
  std::vector<float> sent;
  for (int y = 0; y < step.sent.h; ++y) {
    for (int x = 0; x < step.sent.w; ++x) {
      const float part = step.sent.at(y, x);
      if (part == 0) continue;
      sent.push_back(part);
      places.push_back(place(y, x));
      parts.push_back(fmt::format("{} to {}", short_number(part), places.back()));
    }
  }
  if (sent.empty()) return fmt::format("{}: no input gets anything", short_number(dy));
  if (sent.size() == 1 && sent[0] == dy) {
    return fmt::format("all of {} to {}", short_number(dy), places[0]);
  }
  const bool even = std::all_of(sent.begin(), sent.end(), [&](float s) { return s == sent[0]; });
  if (!even) {
    const bool fits = parts.size() <= kMostTerms;
    return short_number(dy) + ": " + (fits ? join(parts) : "in parts, as drawn");
  }
  return divided(dy, sent[0], sent.size()) +
         (sent.size() == 1 ? " to " + places[0]
                           : fmt::format(" to each of {} inputs", sent.size()));
}

std::string explain_sum(const PoolWalk& walk, const PoolStep& step) {
  const auto number = static_cast<size_t>(step.y * walk.output.w + step.x);
  if (number == 0) return "";
  const Grid& before = walk.steps[number - 1].sum;
  std::vector<std::string> words;
  for (int y = 0; y < walk.input.h; ++y) {
    for (int x = 0; x < walk.input.w; ++x) {
      if (before.at(y, x) == 0 || step.sent.at(y, x) == 0) continue;
      words.push_back(fmt::format("{} {} + {} = {}", place(y, x), term(before.at(y, x)),
                                  term(step.sent.at(y, x)), short_number(step.sum.at(y, x))));
    }
  }
  return join(words, "; ");
}

std::string explain_outside(const PoolWalkOptions& options) {
  const std::string& word = options.layer.kind;
  if (word == "blur_pool2d" || word == "max_blur_pool2d") {
    return "the map is mirrored on its outermost pixels";
  }
  const auto included = options.layer.args.find("count_include_pad");
  const bool counts = included == options.layer.args.end() || included->second.text == "true";
  if (word != "avg_pool2d" || !counts) return "outside the map, and never part of the result";
  return "padding, which adds 0 but counts in the divisor; what ceil_mode adds behind it does not";
}

}  // namespace weir
