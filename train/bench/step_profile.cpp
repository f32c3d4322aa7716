#include "train/bench/step_profile.h"

#include <algorithm>
#include <numeric>

namespace weir {
namespace {

// Numbers of the steps, the slower half left out.
std::vector<size_t> faster_half(const std::vector<double>& seconds) {
  std::vector<size_t> steps(seconds.size());
  std::iota(steps.begin(), steps.end(), size_t{0});
  std::stable_sort(steps.begin(), steps.end(),
                   [&](size_t a, size_t b) { return seconds[a] < seconds[b]; });
  steps.resize((steps.size() + 1) / 2);
  return steps;
}

}  // namespace

StepProfile profile_steps(TrainingStep& step, Sequential& network, const FeatureShape& input,
                          BatchSource& batches, double seconds) {
  constexpr size_t kLeastSteps = 3;
  LayerClock clock(network, input);
  std::vector<double> steps;
  const Stopwatch all;
  while (steps.size() < kLeastSteps || all.seconds() < seconds) {
    const Stopwatch watch;
    clock.start_step();
    step.run(batches.next(), clock.observers());
    steps.push_back(watch.seconds());
  }
  const std::vector<size_t> kept = faster_half(steps);
  StepProfile profile{.layers = clock.costs(kept), .step_s = mean_of(steps, kept)};
  profile.rest_s = profile.step_s;
  for (const LayerCost& layer : profile.layers) {
    profile.rest_s -= layer.forward.seconds + layer.backward.seconds;
  }
  return profile;
}

}  // namespace weir
