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

// Changes nothing. Throws kUsage when an attempt was trained with another configuration, with the
// differences.
RunState run_state(const PlannedRun& run);

// Before a training: removes what a new attempt left behind that ended before its first checkpoint,
// and what was measured with the weights that an unfinished one had. Throws kUsage when a later
// attempt is there, as the training would take a number after that.
void prepare_attempt(const PlannedRun& run, const RunState& state);

// Marks an attempt as failed, in its run folder, which need not be there yet.
void mark_failed(const PlannedRun& run, int attempt, const std::string& message);

}  // namespace weir
