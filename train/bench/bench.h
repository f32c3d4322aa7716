// How fast this machine trains the network of a configuration.
#pragma once

#include <optional>

#include "train/bench/ceilings.h"
#include "train/bench/step_profile.h"
#include "train/bench/step_rate.h"
#include "train/bench/tune.h"
#include "train/config/config.h"
#include "train/observer.h"

namespace weir {

struct BenchOptions {
  double seconds = 5;      // that are measured, beside warming up
  bool layers = false;     // measure each layer too, for half of that time
  bool real_data = false;  // the configured pictures; else one batch of random ones, in memory
};

struct BenchReport {
  RunInfo info;
  StepRate rate;
  double flop_per_picture = 0;  // forward and backward; padding counts, the update does not
  Ceilings ceilings;
  double tensor_peak_mb = 0;           // most memory of all tensors at once
  double peak_rss_mb = 0;              // of the process, up to the last step of `rate`
  std::optional<StepProfile> profile;  // with BenchOptions::layers

  double flop_per_s() const { return flop_per_picture * rate.median(); }
};

// Trains the network for a while, as `weir train` would, and writes nothing. The learning rate is
// so small that any number of steps goes well; it does not change what a step costs.
// Throws Error as train() does; kUsage when `seconds` is not positive.
BenchReport run_bench(Config config, const BenchOptions& options);

// Measures the convolution kernels of the network (tune.h), and adds the winners to the file that
// train.kernels: measured reads. Throws kData at once when that file is damaged.
TuneReport run_tune(const Config& asked);

}  // namespace weir
