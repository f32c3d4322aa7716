#include "train/guard/early_stopping.h"

#include "core/base/error.h"

namespace weir {

Monitor::Monitor(std::string metric, std::optional<int> patience)
    : metric_(std::move(metric)), patience_(patience) {
  require(metric_ == "val_acc" || metric_ == "val_loss",
          "train.monitor must be val_acc or val_loss, found '{}'", metric_);
  require(patience_.value_or(1) >= 1, "train.patience must be at least 1, found {}",
          patience_.value_or(1));
}

bool Monitor::update(BestEpoch& best, int epoch, double value) const {
  const bool better = metric_ == "val_acc" ? value > best.value : value < best.value;
  if (!(better || (best.epoch == 0 && value == value))) {
    ++best.epochs_since;
    return false;
  }
  best = {.epoch = epoch, .value = value};
  return true;
}

}  // namespace weir
