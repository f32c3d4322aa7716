#include "apps/pool_walk/report.h"

#include <algorithm>

#include <fmt/core.h>

#include "apps/events.h"
#include "apps/pool_walk/arithmetic.h"
#include "apps/pool_walk/draw.h"
#include "apps/pool_walk/explain.h"
#include "apps/terminal.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

std::string heading(const std::string& text) {
  return styled(text, Style::kBold, Stream::kOut) + "\n";
}

bool contains(const std::vector<int>& taps, int at) {
  return std::find(taps.begin(), taps.end(), at) != taps.end();
}

bool looks_outside(const PoolWalk& walk) {
  const auto outside = [](const std::vector<int>& taps, int in) {
    return std::any_of(taps.begin(), taps.end(), [in](int at) { return at < 0 || at >= in; });
  };
  return std::any_of(walk.steps.begin(), walk.steps.end(), [&](const PoolStep& step) {
    return outside(step.rows, walk.input.h) || outside(step.cols, walk.input.w);
  });
}

std::string intro_page(const PoolWalkOptions& options, const PoolWalk& walk) {
  std::string page = heading(walk.layer);
  page += fmt::format("  rows     {}\n  columns  {}\n\n", walk.geometry[0], walk.geometry[1]);
  page += heading(fmt::format("Input, {}x{}", walk.input.h, walk.input.w));
  page += indented(draw_map(walk, walk.input, [](int, int) { return false; }));
  if (looks_outside(walk)) page += fmt::format("  · {}\n", explain_outside(options));
  return page;
}

std::string step_title(const PoolWalk& walk, size_t number) {
  const PoolStep& step = walk.steps[number];
  return fmt::format("Window {} of {}: output ({}, {})", number + 1, walk.steps.size(), step.y,
                     step.x);
}

std::string forward_page(const PoolWalkOptions& options, const PoolWalk& walk, size_t number) {
  const PoolStep& step = walk.steps[number];
  const auto in_window = [&](int y, int x) {
    return contains(step.rows, y) && contains(step.cols, x);
  };
  return heading(step_title(walk, number)) +
         side_by_side(draw_map(walk, walk.input, in_window), draw_output(walk.output, number)) +
         fmt::format("  {}\n", explain_value(options, walk, step));
}

std::string upstream_page(const PoolWalk& walk) {
  return heading("Backward: the gradient of the output, dy") +
         indented(draw_output(walk.upstream, walk.steps.size()));
}

std::string backward_page(const PoolWalk& walk, size_t number) {
  const PoolStep& step = walk.steps[number];
  const auto gets = [&](int y, int x) {
    return step.sent.contains(y, x) && step.sent.at(y, x) != 0;
  };
  const std::string sum = explain_sum(walk, step);
  return heading(step_title(walk, number) + ", the gradient of the input so far") +
         indented(draw_map(walk, step.sum, gets)) +
         fmt::format("  {}\n", explain_gradient(walk, step)) +
         (sum.empty() ? "" : fmt::format("  adds up: {}\n", sum));
}

size_t zeros_in(const Grid& grid) {
  return static_cast<size_t>(std::count(grid.values.begin(), grid.values.end(), 0.f));
}

std::string sum_page(const PoolWalk& walk) {
  return heading("The gradient of the input, dx") +
         indented(draw_map(walk, walk.input_gradient, [](int, int) { return false; })) +
         fmt::format("  {} of {} inputs get nothing\n", zeros_in(walk.input_gradient),
                     walk.input.values.size());
}

Json rows_of(const Grid& grid) {
  Json rows = Json::array();
  for (int y = 0; y < grid.h; ++y) {
    Json row = Json::array();
    for (int x = 0; x < grid.w; ++x) row.push_back(grid.at(y, x));
    rows.push_back(std::move(row));
  }
  return rows;
}

// [[y, x, gradient], ...] of the inputs that get something.
Json sent_by(const PoolStep& step) {
  Json sent = Json::array();
  for (int y = 0; y < step.sent.h; ++y) {
    for (int x = 0; x < step.sent.w; ++x) {
      if (step.sent.at(y, x) != 0) sent.push_back({y, x, step.sent.at(y, x)});
    }
  }
  return sent;
}

}  // namespace

std::vector<std::string> pages_of(const PoolWalkOptions& options, const PoolWalk& walk,
                                  bool backward) {
  std::vector<std::string> pages = {intro_page(options, walk)};
  for (size_t i = 0; i < walk.steps.size(); ++i) pages.push_back(forward_page(options, walk, i));
  if (!backward) return pages;
  pages.push_back(upstream_page(walk));
  for (size_t i = 0; i < walk.steps.size(); ++i) pages.push_back(backward_page(walk, i));
  pages.push_back(sum_page(walk));
  return pages;
}

void print_walk_events(const PoolWalkOptions& options, const PoolWalk& walk, bool backward) {
  print_event("pool", {{"op", options.layer.kind},
                       {"layer", walk.layer},
                       {"rows", walk.geometry[0]},
                       {"columns", walk.geometry[1]},
                       {"input", rows_of(walk.input)}});
  for (const PoolStep& step : walk.steps) {
    Json event = {{"output", {step.y, step.x}},
                  {"rows", step.rows},
                  {"columns", step.cols},
                  {"value", step.value},
                  {"arithmetic", explain_value(options, walk, step)}};
    if (backward) event["sent"] = sent_by(step);
    print_event("pool_window", event);
  }
  Json result = {{"output", rows_of(walk.output)}};
  if (backward) {
    result["upstream"] = rows_of(walk.upstream);
    result["input_gradient"] = rows_of(walk.input_gradient);
    result["zero_gradients"] = zeros_in(walk.input_gradient);
  }
  print_event("pool_result", result);
}

}  // namespace weir
