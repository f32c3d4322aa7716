// The best epoch so far, and when to give up waiting for a better one.
#pragma once

#include <optional>
#include <string>

namespace weir {

// Plain data: it goes into the checkpoint as it is.
struct BestEpoch {
  int epoch = 0;  // 1-based; 0: none yet
  double value = 0;
  int epochs_since = 0;
};

// Which of two values of a monitored metric is better, and patience.
class Monitor {
 public:
  // metric: val_acc (higher is better) or val_loss (lower is better). No patience: never stops.
  // Throws kUsage for another metric or patience < 1.
  Monitor(std::string metric, std::optional<int> patience);
  const std::string& metric() const { return metric_; }
  // Enters the value of an epoch; true when it is the best so far. NaN never is.
  bool update(BestEpoch& best, int epoch, double value) const;
  bool exhausted(const BestEpoch& best) const {
    return patience_.has_value() && best.epochs_since >= *patience_;
  }

 private:
  std::string metric_;
  std::optional<int> patience_;
};

}  // namespace weir
