#include "train/guard/stuck_watch.h"

#include <cmath>

#include "core/base/error.h"

namespace weir {

void check_not_stuck(const StuckOptions& options, int epoch, double train_accuracy,
                     double train_loss, int classes) {
  constexpr double kAboveChance = 1.2;
  if (!options.after_epochs || epoch != *options.after_epochs) return;
  const double bound = options.below.value_or(kAboveChance / classes);
  if (train_accuracy >= bound) return;
  fail(
      ErrorKind::kTraining,
      "stuck at chance: after {} epochs the training accuracy is {:.4f}, below {:.4f} "
      "(train.fail_if_stuck); the loss is {:.4f}, and always guessing gives ln({}) = {:.4f}. Try a "
      "lower optimizer.lr, model.init=lsuv or kaiming_normal, model.batch_norm=true, "
      "scheduler.warmup_epochs=5, or data.normalize=mean_std",
      epoch, train_accuracy, bound, train_loss, classes, std::log(classes));
}

}  // namespace weir
