// One block of memory for everything that a training step asks for. Steps ask for the same sizes in
// the same order again and again, so the first one is watched, a plan gives every request its
// place, and the steps after it follow the plan.
//
//   StepMemory memory;
//   for (...) {
//     const StepMemory::Step step(memory, {.training = true, .images = 128});
//     ...  // forward, backward, update
//   }
//
// Nothing depends on the plan but speed and the amount of memory; without the memory to make one,
// the next step is watched again. A request that is not in it, or whose place is still taken, gets
// memory of its own, and the changed sequence is planned anew. What outlives its step stays valid:
// such requests are left out of the plan, and when an old plan has one in the block, the block is
// left to it and the next step gets another.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>

#include "core/runtime/pages.h"
#include "core/runtime/step_plan.h"
#include "core/runtime/step_run.h"

namespace weir {

// Steps of one kind ask for the same memory. All kinds share the block, as one runs at a time.
struct StepKind {
  bool training = false;
  int images = 0;
  auto operator<=>(const StepKind&) const = default;
};

// Used by one thread at a time.
class StepMemory {
 public:
  class Step;

  StepMemory() = default;
  StepMemory(const StepMemory&) = delete;
  StepMemory& operator=(const StepMemory&) = delete;

  size_t bytes() const { return block_ ? block_->size() : 0; }  // of the block now
  int plans_made() const { return plans_made_; }                // constant while plans are followed

 private:
  const StepPlan* prepare(StepKind kind);
  void finish(StepKind kind, const StepRun& run, bool failed);

  std::map<StepKind, StepPlan> plans_;
  std::shared_ptr<Pages> block_;
  bool is_open_ = false;  // a step runs
  int plans_made_ = 0;
};

// While it lives, allocate() of this thread follows the plan; not inside parallel work, where the
// order of requests is not fixed. Steps of different memories nest, the innermost counts; within a
// step of the same memory another one plans nothing. A step that ends by an exception teaches
// nothing.
class StepMemory::Step {
 public:
  Step(StepMemory& memory, StepKind kind);
  ~Step();
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

 private:
  StepMemory& memory_;
  StepKind kind_;
  int exceptions_;              // under way when it began
  std::optional<StepRun> run_;  // none within a step of the same memory
  StepRun* outer_;
};

}  // namespace weir
