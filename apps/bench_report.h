// What `weir bench` says: a few lines for people, one JSON object for programs.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "train/bench/bench.h"

namespace weir {

std::string bench_text(const BenchReport& report);

// Rates in units of one per second, shares from 0 to 1, megabytes of 10^6 bytes.
nlohmann::ordered_json bench_json(const BenchReport& report);

}  // namespace weir
