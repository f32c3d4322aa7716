// One step under way: answers its requests and watches them.
#pragma once

#include <cstddef>
#include <memory>

#include "core/runtime/pages.h"
#include "core/runtime/step_ledger.h"
#include "core/runtime/step_plan.h"

namespace weir {

class StepRun {
 public:
  // plan: null when nothing is known yet. block: of plan->bytes or more; null when those are 0.
  StepRun(const StepPlan* plan, std::shared_ptr<Pages> block);

  std::shared_ptr<std::byte> allocate(size_t bytes);

  // The requests so far were those of the plan, all of them.
  bool followed_plan() const;
  const StepLedger& ledger() const { return *ledger_; }

  // The step that requests of this thread belong to, or null.
  static StepRun* active() { return active_; }
  // Returns the one before.
  static StepRun* activate(StepRun* run);

 private:
  using Request = StepPlan::Request;
  const Request* next_expected(size_t bytes);
  std::shared_ptr<std::byte> in_block(const Request& request);
  // Memory of its own, or from the recycler.
  std::shared_ptr<std::byte> elsewhere(size_t bytes, bool recycled);

  const StepPlan* plan_;
  std::shared_ptr<Pages> block_;
  size_t next_ = 0;  // request of the plan
  bool deviated_ = false;
  std::shared_ptr<StepLedger> ledger_ = std::make_shared<StepLedger>();
  static thread_local StepRun* active_;
};

// Keeps the requests of this thread out of its step while it lives: for work whose order is not
// fixed.
class PauseStep {
 public:
  PauseStep() : paused_(StepRun::activate(nullptr)) {}
  ~PauseStep() { StepRun::activate(paused_); }
  PauseStep(const PauseStep&) = delete;
  PauseStep& operator=(const PauseStep&) = delete;

 private:
  StepRun* paused_;
};

}  // namespace weir
