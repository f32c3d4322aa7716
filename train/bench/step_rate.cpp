#include "train/bench/step_rate.h"

#include <algorithm>

#include "core/base/stopwatch.h"
#include "train/bench/median.h"

namespace weir {
namespace {

constexpr int kSlices = 10;
constexpr int kWarmUpSteps = 2;  // the first one also asks the operating system for memory

void warm_up(TrainingStep& step, BatchSource& batches, double seconds) {
  const Stopwatch watch;
  for (int done = 0; done < kWarmUpSteps || watch.seconds() < seconds; ++done) {
    step.run(batches.next());
  }
}

}  // namespace

double StepRate::median() const { return median_of(slices); }

double StepRate::spread() const {
  const auto [slowest, fastest] = std::minmax_element(slices.begin(), slices.end());
  return (*fastest - *slowest) / median();
}

StepRate measure_steps(TrainingStep& step, BatchSource& batches, double seconds) {
  warm_up(step, batches, seconds / kSlices);
  StepRate rate;
  const double wait_before = batches.wait_seconds();
  while (rate.seconds < seconds) {
    const Stopwatch watch;
    size_t pictures = 0;
    double slice_seconds = 0;
    while (slice_seconds < seconds / kSlices) {
      const Batch& batch = batches.next();
      step.run(batch);
      pictures += batch.labels.size();
      ++rate.steps;
      slice_seconds = watch.seconds();
    }
    rate.slices.push_back(static_cast<double>(pictures) / slice_seconds);
    rate.seconds += slice_seconds;
  }
  rate.data_wait_s = batches.wait_seconds() - wait_before;
  return rate;
}

}  // namespace weir
