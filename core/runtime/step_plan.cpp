#include "core/runtime/step_plan.h"

#include "core/runtime/step_ledger.h"

namespace weir {

StepPlan StepPlan::make(std::span<const Lifetime> watched) {
  std::vector<Lifetime> passing;
  for (const Lifetime& request : watched) {
    if (request.end != StepLedger::kNever) passing.push_back(request);
  }
  const MemoryPlan places = plan_memory(passing);
  StepPlan plan{.requests = {}, .bytes = places.bytes};
  size_t next = 0;
  for (const Lifetime& request : watched) {
    const bool kept = request.end == StepLedger::kNever;
    plan.requests.push_back({request.bytes, kept ? 0 : places.offsets[next], kept});
    next += !kept;
  }
  return plan;
}

}  // namespace weir
