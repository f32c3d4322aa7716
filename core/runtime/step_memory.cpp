#include "core/runtime/step_memory.h"

#include <exception>
#include <new>

#include "core/runtime/recycler.h"

namespace weir {

const StepPlan* StepMemory::prepare(StepKind kind) {
  const auto found = plans_.find(kind);
  if (found == plans_.end()) return nullptr;
  if (found->second.bytes > bytes()) {
    block_.reset();  // first, so that there are never two
    block_ = std::make_shared<Pages>(found->second.bytes);
    mark_unused(block_->data(), block_->size());
  }
  return &found->second;
}

void StepMemory::finish(StepKind kind, const StepRun& run, bool failed) {
  const bool is_held = run.ledger().is_block_held();
  if (is_held) block_.reset();  // whoever holds a part of it keeps it alive
  if (failed || (run.followed_plan() && !is_held)) return;
  try {
    plans_[kind] = StepPlan::make(run.ledger().lifetimes());
  } catch (const std::bad_alloc&) {  // destructors must not throw, and nothing needs the plan
    plans_.erase(kind);
    return;
  }
  ++plans_made_;
  recycler().release();  // what was asked for outside of the plan will come from the block
}

StepMemory::Step::Step(StepMemory& memory, StepKind kind)
    : memory_(memory), kind_(kind), exceptions_(std::uncaught_exceptions()) {
  if (!memory_.is_open_) {
    const StepPlan* plan = memory_.prepare(kind);
    run_.emplace(plan, memory_.block_);
    memory_.is_open_ = true;
  }
  outer_ = StepRun::activate(run_ ? &*run_ : nullptr);
}

StepMemory::Step::~Step() {
  StepRun::activate(outer_);
  if (!run_) return;
  memory_.is_open_ = false;
  memory_.finish(kind_, *run_, std::uncaught_exceptions() > exceptions_);
}

}  // namespace weir
