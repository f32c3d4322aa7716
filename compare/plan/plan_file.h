// Reads a comparison file: YAML with `extends:`, strict like configurations.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compare/plan/plan.h"

namespace weir {

// Throws ConfigErrors with everything that is wrong with the file itself, kUsage when it is not
// there. Configuration keys and their values are checked later, with the nets.
ComparisonPlan read_plan(const std::filesystem::path& file);

// The keys of a comparison file, in the order of docs/comparing.md.
std::vector<std::string> plan_keys();

}  // namespace weir
