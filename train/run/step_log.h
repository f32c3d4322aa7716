// steps.jsonl: one JSON object for each training step.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "train/observer.h"

namespace weir {

// Lines wait in memory until flush(), which comes with each checkpoint: after a crash the file
// never runs ahead of the state by more than the checkpoint under way.
class StepLog {
 public:
  // Keeps what an earlier part of the run wrote for steps 1 .. `steps_done`, drops the rest.
  StepLog(std::filesystem::path path, int64_t steps_done);
  void add(const StepReport& report);
  // Throws kInternal when the disk is full.
  void flush();

 private:
  std::filesystem::path path_;
  std::string pending_;
};

}  // namespace weir
