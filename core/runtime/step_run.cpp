#include "core/runtime/step_run.h"

#include <algorithm>
#include <utility>

#include "core/runtime/memory_use.h"
#include "core/runtime/recycler.h"

namespace weir {
namespace {

constexpr size_t kAlignment = 64;

std::shared_ptr<std::byte> pages_of_its_own(size_t bytes) {
  auto pages = std::make_shared<Pages>(bytes);
  memory_use().add(pages->size());
  std::byte* data = pages->data();
  return {data, [pages = std::move(pages)](std::byte*) { memory_use().subtract(pages->size()); }};
}

}  // namespace

thread_local StepRun* StepRun::active_ = nullptr;

StepRun* StepRun::activate(StepRun* run) { return std::exchange(active_, run); }

StepRun::StepRun(const StepPlan* plan, std::shared_ptr<Pages> block)
    : plan_(plan), block_(std::move(block)) {}

std::shared_ptr<std::byte> StepRun::allocate(size_t bytes) {
  const size_t rounded = (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
  const Request* expected = next_expected(rounded);
  if (expected == nullptr) {
    deviated_ = true;
    return elsewhere(rounded, false);
  }
  if (expected->kept) return elsewhere(rounded, true);
  if (ledger_->is_taken(expected->offset, rounded)) {  // somebody holds longer than expected
    deviated_ = true;
    return elsewhere(rounded, false);
  }
  return in_block(*expected);
}

// What was kept once, such as a buffer made on first use, need not be asked for again.
const StepRun::Request* StepRun::next_expected(size_t bytes) {
  if (plan_ == nullptr) return nullptr;
  const auto& requests = plan_->requests;
  size_t i = next_;
  while (i < requests.size() && requests[i].kept && requests[i].bytes != bytes) ++i;
  if (i == requests.size() || requests[i].bytes != bytes) return nullptr;
  next_ = i + 1;
  return &requests[i];
}

std::shared_ptr<std::byte> StepRun::in_block(const Request& request) {
  std::byte* data = block_->data() + request.offset;
  const size_t bytes = request.bytes, number = ledger_->open(bytes, request.offset);
  memory_use().add(bytes);
  mark_used(data, bytes);
  return {data, [block = block_, ledger = ledger_, number, bytes](std::byte* memory) {
            mark_unused(memory, bytes);
            memory_use().subtract(bytes);
            ledger->close(number);
          }};
}

// Large blocks of a step that is only watched go back to the system at once: each size is needed a
// few times at most, and blocks that wait for the next request of their size would add up.
std::shared_ptr<std::byte> StepRun::elsewhere(size_t bytes, bool recycled) {
  const bool own = !recycled && bytes >= kHugePage;
  auto memory = own ? pages_of_its_own(bytes) : recycler().allocate(bytes);
  std::byte* data = memory.get();
  return {data, [memory = std::move(memory), ledger = ledger_,
                 number = ledger_->open(bytes, StepLedger::kElsewhere)](std::byte*) mutable {
            memory.reset();
            ledger->close(number);
          }};
}

bool StepRun::followed_plan() const {
  if (plan_ == nullptr || deviated_) return false;
  return std::all_of(plan_->requests.begin() + static_cast<std::ptrdiff_t>(next_),
                     plan_->requests.end(), [](const Request& request) { return request.kept; });
}

}  // namespace weir
