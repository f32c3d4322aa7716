// What of a network holds still in which epoch (finetune.freeze).
#pragma once

#include "layers/sequential.h"
#include "train/config/config.h"

namespace weir {

// Freezes and thaws the network for an epoch, counted from 0; does nothing without a pattern.
// Throws kUsage for a pattern that fits no parameter, and when nothing would be left to train.
void freeze_for_epoch(Sequential& network, const FinetuneConfig& config, int epoch);

}  // namespace weir
