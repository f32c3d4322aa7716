// Finding the run to continue, and continuing it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "train/run/run_folder.h"
#include "train/trainer/session.h"

namespace weir {

// Why a run that was begun with `saved` cannot go on with `config`: "optimizer.lr: 0.1 there, 0.05
// here", one line for each key. Keys that do not change what is computed so far (train.epochs,
// train.threads, output, ..) may differ.
std::vector<std::string> resume_obstacles(const Config& saved, const Config& config);

// The run that train.resume asks for: a folder's own, or with "auto" the newest unfinished run of
// this name whose configuration is the same; none when there is nothing to resume. Throws
// kUsage for a folder that is no run, or whose configuration differs: with all the differences.
std::optional<RunFolder> run_to_resume(const Config& config);

// What the session of that run is made from: `config`, in the precision that the run began in.
Config resumed_config(const Config& config, const RunFolder& folder);

// Puts the saved state into the session. Throws kData when the run was made from other pictures, or
// its state is damaged.
void resume(const RunFolder& folder, Session& session);

}  // namespace weir
