// What `weir diagnose` prints.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "train/diagnose/diagnose.h"

namespace weir {

// A row for each layer, then where in their windows the maxima lie.
std::string diagnosis_table(const Diagnosis& diagnosis);

// The fields of the event; null where a layer has no answer.
nlohmann::ordered_json diagnosis_json(const Diagnosis& diagnosis);

}  // namespace weir
