// Draws one picture of synth10.
#pragma once

#include "datasets/synth10.h"
#include "datasets/synth10_difficulty.h"

namespace weir {

// What `synth10_sample` returns, for a difficulty that is already looked up.
Synth10Sample draw_synth10(uint64_t seed, Synth10Split split, uint32_t index,
                           const Synth10Difficulty& difficulty);

}  // namespace weir
