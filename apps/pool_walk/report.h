// What `weir pool` says about a walk: as text in pages, one for each window, or as events.
#pragma once

#include <string>
#include <vector>

#include "apps/pool_walk/walk.h"

namespace weir {

// First the layer, the master formula and the input; then each window; with `backward` the upstream
// gradient, each window again, and what the gradients add up to.
std::vector<std::string> pages_of(const PoolWalkOptions& options, const PoolWalk& walk,
                                  bool backward);

// Events on stdout: pool, pool_window for each, pool_result.
void print_walk_events(const PoolWalkOptions& options, const PoolWalk& walk, bool backward);

}  // namespace weir
