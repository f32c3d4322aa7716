// KEY=VALUE and ~KEY from the command line, applied over what the files say.
#pragma once

#include <vector>

#include "train/config/extends.h"
#include "train/config/load.h"

namespace weir {

// In their order: later ones win. KEY is a key ("optimizer.lr=0.1") or a section, whose map is
// merged ("optimizer={lr: 0.1}"); ~KEY removes the value, so that the default holds.
void apply_overrides(const std::vector<Override>& overrides, MergedYaml& yaml,
                     ProblemList& problems);

}  // namespace weir
