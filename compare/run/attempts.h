// How far a planned run has come, read from its folder alone: a comparison keeps no other record,
// so it can go on after any end, kill -9 included.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compare/run/planned_run.h"

namespace weir {

// An attempt that was stuck at chance or diverged.
struct FailedAttempt {
  uint64_t seed = 0;
  std::filesystem::path folder;
  std::string message;
};

enum class RunStage {
  kNew,         // the attempt has no checkpoint yet
  kUnfinished,  // it goes on from its checkpoint
  kComplete,    // trained and written
  kGivenUp,     // the last attempt failed too
};

struct RunState {
  RunStage stage = RunStage::kNew;
  int attempt = 0;
  std::filesystem::path folder;  // of the attempt
  std::vector<FailedAttempt> failures;
};

// Removes what an attempt left behind that ended before its first checkpoint. Throws kUsage when an
// attempt was trained with another configuration, with the differences.
RunState run_state(const PlannedRun& run);

// Marks an attempt as failed, in its run folder.
void mark_failed(const PlannedRun& run, int attempt, const std::string& message);

}  // namespace weir
