// What `weir bench --tune` says.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "train/bench/tune.h"

namespace weir {

// `file` is where the choices are kept.
std::string tune_text(const TuneReport& report, const std::string& file);
nlohmann::ordered_json tune_json(const TuneReport& report, const std::string& file);

}  // namespace weir
