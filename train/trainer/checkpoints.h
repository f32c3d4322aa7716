// Saving a run while it goes on.
#pragma once

#include <cstdint>
#include <string>

#include "train/run/run_folder.h"
#include "train/trainer/session.h"

namespace weir {

class Checkpoints {
 public:
  Checkpoints(const RunFolder& folder, const Session& session);

  // Bytes that the files of this session take at most, the one being replaced included.
  static uint64_t space_needed(Session& session);

  // Writes weights/last, the state and metrics.csv; weights/best too when `best` says so. The state
  // comes last: if the process dies before, training resumes from the state before and writes the
  // same files again. Throws kInternal when the disk refuses, and says what is still intact.
  void save(Session& session, bool best) const;
  // After resuming: the weights files again, as they belong to the state.
  void rewrite_weights(Session& session) const;

 private:
  void write_best(Session& session) const;
  // The weights of this moment, averaged when there is an average, as weights/<name>.
  void write_present(Session& session, const std::string& name) const;

  const RunFolder& folder_;
  ModelCard card_;
  StateOrigin origin_;
};

}  // namespace weir
