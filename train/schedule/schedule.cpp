#include "train/schedule/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

// Half a cosine from `start` (fraction 0) to `end` (fraction 1).
double anneal(double start, double end, double fraction) {
  return end + (start - end) / 2.0 * (std::cos(std::numbers::pi * fraction) + 1.0);
}

// One cycle from `low` up to `high` and down to `last`, PyTorch's phases: the rise ends at step
// pct_start * total - 1 (not rounded), the fall at step total - 1.
double one_cycle(int64_t step, int64_t total, double pct_start, double low, double high,
                 double last) {
  const double rise_end = pct_start * static_cast<double>(total) - 1.0;
  const double fall_end = static_cast<double>(total) - 1.0;
  const auto at = static_cast<double>(std::min(step, total - 1));
  if (at <= rise_end && rise_end > 0) return anneal(low, high, at / rise_end);
  if (fall_end <= rise_end) return high;
  return anneal(high, last, (at - rise_end) / (fall_end - rise_end));
}

void check(const ScheduleOptions& options) {
  const std::vector<std::string>& names = schedule_names();
  require(std::find(names.begin(), names.end(), options.name) != names.end(),
          "unknown scheduler '{}'{}; known: {}", options.name, did_you_mean(options.name, names),
          join(names));
  require(std::is_sorted(options.milestones.begin(), options.milestones.end()),
          "scheduler multistep: milestones must rise");
  require(options.warmup_epochs >= 0, "scheduler: warmup_epochs must not be negative, found {}",
          options.warmup_epochs);
  if (options.name != "onecycle") return;
  require(options.warmup_epochs == 0,
          "scheduler onecycle has its own warm-up: set warmup_epochs to 0, found {}; pct_start is "
          "the part of training in which the rate rises",
          options.warmup_epochs);
  require(options.pct_start > 0 && options.pct_start < 1,
          "scheduler onecycle: pct_start must lie between 0 and 1, found {}", options.pct_start);
  require(options.div_factor > 0 && options.final_div_factor > 0,
          "scheduler onecycle: div_factor and final_div_factor must be positive");
}

}  // namespace

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names{"constant", "multistep", "cosine", "onecycle"};
  return names;
}

Schedule::Schedule(const ScheduleOptions& options, double lr, int64_t steps_per_epoch, int epochs)
    : options_(options),
      lr_(lr),
      steps_per_epoch_(steps_per_epoch),
      total_steps_(steps_per_epoch * epochs),
      warmup_steps_(std::llround(options.warmup_epochs * static_cast<double>(steps_per_epoch))) {
  check(options);
  require(steps_per_epoch > 0 && epochs > 0, "a schedule needs at least one step, found {} x {}",
          steps_per_epoch, epochs);
  require(warmup_steps_ == 0 || warmup_steps_ < total_steps_,
          "scheduler: warmup_epochs {} must be less than the {} epochs of training",
          options.warmup_epochs, epochs);
}

double Schedule::lr(int64_t step) const {
  if (options_.name == "onecycle") {
    const double low = lr_ / options_.div_factor;
    return one_cycle(step, total_steps_, options_.pct_start, low, lr_,
                     low / options_.final_div_factor);
  }
  double rate = lr_;
  if (options_.name == "multistep") rate = multistep(step);
  if (options_.name == "cosine") rate = cosine(step);
  if (step >= warmup_steps_) return rate;
  return rate * static_cast<double>(step + 1) / static_cast<double>(warmup_steps_);
}

std::optional<double> Schedule::momentum(int64_t step) const {
  if (options_.name != "onecycle" || !options_.cycle_momentum) return std::nullopt;
  return one_cycle(step, total_steps_, options_.pct_start, options_.max_momentum,
                   options_.base_momentum, options_.max_momentum);
}

double Schedule::multistep(int64_t step) const {
  const int64_t epoch = step / steps_per_epoch_;
  const auto passed =
      std::upper_bound(options_.milestones.begin(), options_.milestones.end(), epoch);
  return lr_ * std::pow(options_.gamma, passed - options_.milestones.begin());
}

double Schedule::cosine(int64_t step) const {
  const auto length = static_cast<double>(total_steps_ - warmup_steps_);
  const auto after = static_cast<double>(std::max<int64_t>(step - warmup_steps_, 0));
  return anneal(lr_, options_.min_lr, std::min(after / length, 1.0));
}

}  // namespace weir
