// What a finished run leaves behind.
#pragma once

#include <string>

#include "train/metrics/evaluate.h"
#include "train/observer.h"

namespace weir {

// result.json, schema 1: data set, model, best epoch, test scores, weights, time, memory.
std::string result_json(const RunInfo& info, const TrainResult& result);

// The same for people: the table of epochs and the result, as `weir train` prints it.
std::string summary_text(const RunInfo& info, const TrainResult& result);

// "index,true,pred,class1,prob1,..,class5,prob5", the five most likely classes of each picture.
std::string predictions_csv(const std::vector<Prediction>& predictions,
                            const std::vector<std::string>& classes);

}  // namespace weir
