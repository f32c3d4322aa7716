// What `weir explain` prints.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "explain/report/explanation_files.h"

namespace weir {

// A row for each explanation: picture, true class where it is known, prediction, and the class that
// is explained with the range of its map.
std::string explanations_table(const std::vector<ExplainedPicture>& explained,
                               const ExplanationNames& names);

// The fields of one explanation's event; true is null where it is not known.
nlohmann::ordered_json explanation_json(const ExplainedPicture& picture,
                                        const ExplanationNames& names,
                                        const WrittenExplanation& files);

}  // namespace weir
