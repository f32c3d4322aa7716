// The requests that a step is expected to make, and where each of them is answered.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/runtime/memory_plan.h"

namespace weir {

struct StepPlan {
  struct Request {
    size_t bytes = 0;
    size_t offset = 0;  // in the block
    bool kept = false;  // outlived its step, so it has no place in the block
  };
  std::vector<Request> requests;  // in their order
  size_t bytes = 0;               // of the block

  // From a step that was watched (step_ledger.h).
  static StepPlan make(std::span<const Lifetime> watched);
};

}  // namespace weir
