#include "datasets/synth10_difficulty.h"

#include <array>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

const std::array<Synth10Difficulty, 3>& table() {
  static const std::array<Synth10Difficulty, 3> difficulties = {{
      {.name = "easy",
       .radius = {7.0f, 9.0f},
       .turn = 0.05f,
       .stretch = 1.1f,
       .ring_hole = {0.5f, 0.6f},
       .cross_arm = {0.28f, 0.36f},
       .texture_contrast = {0.18f, 0.28f},
       .texture_period = {3.5f, 5.5f},
       .most_clutter = 2,
       .most_bars = 1,
       .bar_width = {0.6f, 1.2f},
       .colour_distance = 0.7f,
       .noise = 0.04f},
      {.name = "default",
       .radius = {6.5f, 9.5f},
       .turn = 0.1f,
       .stretch = 1.2f,
       .ring_hole = {0.45f, 0.62f},
       .cross_arm = {0.26f, 0.4f},
       .texture_contrast = {0.12f, 0.28f},
       .texture_period = {3.0f, 5.5f},
       .most_clutter = 4,
       .most_bars = 2,
       .bar_width = {0.6f, 1.6f},
       .colour_distance = 0.5f,
       .noise = 0.05f},
      {.name = "hard",
       .radius = {6.0f, 9.5f},
       .turn = 1.0f,
       .stretch = 1.3f,
       .ring_hole = {0.35f, 0.65f},
       .cross_arm = {0.24f, 0.5f},
       .texture_contrast = {0.08f, 0.24f},
       .texture_period = {3.0f, 5.5f},
       .most_clutter = 5,
       .most_bars = 3,
       .bar_width = {0.6f, 2.0f},
       .colour_distance = 0.3f,
       .noise = 0.07f},
  }};
  return difficulties;
}

}  // namespace

const Synth10Difficulty& synth10_difficulty(const std::string& name) {
  std::vector<std::string> names;
  for (const Synth10Difficulty& difficulty : table()) {
    if (difficulty.name == name) return difficulty;
    names.push_back(difficulty.name);
  }
  fail(ErrorKind::kUsage, "synth10 has no difficulty '{}': choose one of {}{}", name, join(names),
       did_you_mean(name, names));
}

}  // namespace weir
