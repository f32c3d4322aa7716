#include "apps/pool_walk/explain.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

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

std::string place(int y, int x) { return fmt::format("({}, {})", y, x); }

std::string term(float value) {
  return std::signbit(value) ? "(" + short_number(value) + ")" : short_number(value);
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
  if (options.layer.args.contains("divisor_override")) {
    return "padding, which adds 0; the divisor is the one that was given";
  }
  return "padding, which adds 0 but counts in the divisor; what ceil_mode adds behind it does not";
}

}  // namespace weir
