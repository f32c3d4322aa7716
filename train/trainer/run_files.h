// The files of a run folder that are written once: at its start and at its end.
#pragma once

#include <string>

#include "train/metrics/evaluate.h"
#include "train/run/run_folder.h"
#include "train/trainer/session.h"

namespace weir {

// config.yaml, command.txt, env.json, with finetune.weights start.txt and, with output.images,
// images/train_batch0.png. Being first, they also show whether the folder can be written to.
void write_start_files(const RunFolder& folder, const Session& session, const std::string& command);

// summary.txt, confusion.csv and predictions.csv (of the test pictures, when there are some), with
// output.images images/curves.png, and result.json. That comes last: a run that has it is complete.
void write_final_files(const RunFolder& folder, const Session& session, const TrainResult& result,
                       const Evaluation& test);

// Removes those that write_final_files() leaves, result.json first: the run is complete no more.
void remove_final_files(const RunFolder& folder);

}  // namespace weir
