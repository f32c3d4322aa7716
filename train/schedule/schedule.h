// Learning-rate schedules: pure functions of the step, so that resuming needs nothing but the step.
//
//   constant    lr
//   multistep   lr * gamma^(number of milestones <= epoch)             torch MultiStepLR
//   cosine      min_lr + (lr - min_lr) * (1 + cos(pi * t / T)) / 2      torch CosineAnnealingLR,
//   each
//               step; t and T count steps after the warm-up            (Loshchilov, Hutter, ICLR
//               2017)
//   onecycle    lr / div_factor up to lr over the first pct_start of the steps, then down to
//               lr / (div_factor * final_div_factor), both along a half cosine; each step
//               torch OneCycleLR (Smith, Topin, arXiv:1708.07120)
//
// Before constant, multistep and cosine, warmup_epochs may raise the rate linearly: step s of W
// warm-up steps runs at (s + 1) / W of the schedule's rate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

struct ScheduleOptions {
  std::string name = "constant";  // constant | multistep | cosine | onecycle
  double warmup_epochs = 0;
  std::vector<int> milestones;                                      // multistep: epochs, rising
  double gamma = 0.1;                                               // multistep
  double min_lr = 0;                                                // cosine
  double pct_start = 0.3, div_factor = 25, final_div_factor = 1e4;  // onecycle
  // onecycle: momentum falls from max_momentum to base_momentum while lr rises, and back. PyTorch's
  // default is true; here it is false, so that `momentum` means what the configuration says.
  bool cycle_momentum = false;
  double base_momentum = 0.85, max_momentum = 0.95;
};

const std::vector<std::string>& schedule_names();

class Schedule {
 public:
  // Throws kUsage for an unknown name, falling milestones, more warm-up than training, warm-up with
  // onecycle (which has its own), or numbers out of range.
  Schedule(const ScheduleOptions& options, double lr, int64_t steps_per_epoch, int epochs);

  // The rate of step 0, 1, .. steps_per_epoch * epochs - 1; later steps get the last rate.
  double lr(int64_t step) const;
  // The momentum of that step; none when it is not cycled.
  std::optional<double> momentum(int64_t step) const;

 private:
  double multistep(int64_t step) const;
  double cosine(int64_t step) const;

  ScheduleOptions options_;
  double lr_;
  int64_t steps_per_epoch_, total_steps_, warmup_steps_;
};

}  // namespace weir
