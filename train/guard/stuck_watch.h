// Notices training that never leaves chance, so that hours are not lost on it.
#pragma once

#include <optional>

namespace weir {

struct StuckOptions {
  std::optional<int> after_epochs;  // none: never checked
  std::optional<double> below;      // training accuracy; none: 1.2 times chance
};

// Called once, after epoch `after_epochs`: throws kTraining with advice when the training accuracy
// of that epoch is below the bound. Other epochs pass.
void check_not_stuck(const StuckOptions& options, int epoch, double train_accuracy,
                     double train_loss, int classes);

}  // namespace weir
