#include "core/runtime/step_ledger.h"

#include <algorithm>

namespace weir {

size_t StepLedger::open(size_t bytes, size_t offset) {
  const std::lock_guard lock(mutex_);
  const size_t request = requests_.size();
  requests_.push_back({.bytes = bytes, .begin = clock_++, .end = kNever});
  offsets_.push_back(offset);
  if (offset != kElsewhere) held_.push_back(request);
  return request;
}

void StepLedger::close(size_t request) {
  const std::lock_guard lock(mutex_);
  requests_[request].end = clock_++;
  if (offsets_[request] != kElsewhere) std::erase(held_, request);
}

bool StepLedger::is_taken(size_t offset, size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(held_, [&](size_t other) {
    return offset < offsets_[other] + requests_[other].bytes && offsets_[other] < offset + bytes;
  });
}

bool StepLedger::is_block_held() const {
  const std::lock_guard lock(mutex_);
  return !held_.empty();
}

std::vector<Lifetime> StepLedger::lifetimes() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace weir
