// What a configuration leaves to the machine.
#pragma once

#include "core/runtime/precision.h"
#include "train/config/config.h"

namespace weir {

// What train.precision: auto stands for when a run begins here, and why: bf16 where the processor
// multiplies it, but fp32 for networks of a few channels, such as LeNet-5.
PrecisionChoice automatic_precision(const Config& config);

// `config` with train.precision: auto replaced by what it stands for. A run records this one, and
// so goes on with the same precision on any machine. train.threads: auto stays: it changes no
// result.
Config settled(Config config);

// To go on with a run that recorded `begun`: auto stands for what it stood for there, whatever this
// machine would choose, and finetune.weights for the file that the run began with.
Config settled_as(Config config, const Config& begun);

}  // namespace weir
