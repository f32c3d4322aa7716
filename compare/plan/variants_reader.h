// The nets of a comparison file.
#pragma once

#include <string>
#include <vector>

#include "compare/plan/plan.h"

namespace weir {

// `variants:`. Everything wrong with them goes to the problems.
std::vector<PlanVariant> read_variants(const YamlEntry& entry, ProblemList& problems);

// Adds a problem when `name`, which stands at `place` as the value of `path`, is no variant's.
// False then, and for an empty name, about which something was said before.
bool check_variant(const std::string& name, const Place& place, const std::string& path,
                   const std::vector<PlanVariant>& variants, ProblemList& problems);

// A problem when the text is no name for a folder.
void check_folder_name(const std::string& name, const Place& place, const std::string& path,
                       ProblemList& problems);

}  // namespace weir
