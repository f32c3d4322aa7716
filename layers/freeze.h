// Parameters that hold still while others are trained.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.h"

namespace weir {

// Freezes the parameters that a pattern fits (layers/name_pattern.h), and thaws all others. A
// frozen one gets no gradient, so optimizers leave it as it is, and no gradient is computed below
// the lowest one that is trained. Dropout goes on. Batch norm whose parameters are all frozen keeps
// its running statistics and uses them in training too; with norm_keeps_statistics false it goes on
// with those of the batch. Throws kUsage for a pattern that fits nothing.
struct FreezeOptions {
  bool norm_keeps_statistics = true;
};
void set_frozen(Sequential& net, const std::vector<std::string>& patterns,
                const FreezeOptions& options = {});

// Has the layer, or the network, a parameter that is not frozen?
bool is_trainable(Layer& layer);

}  // namespace weir
