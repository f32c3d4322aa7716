// Rules between keys, for values that are each fine by themselves.
#pragma once

#include <map>
#include <string>

#include "train/config/config.h"
#include "train/config/config_errors.h"

namespace weir {

// Letters, digits, '-', '_' and '.', beginning with a letter, a digit or '_'.
bool is_folder_name(const std::string& name);

// `places` holds the place of each key that was set; a problem is reported at the key to change.
void check_consistency(const Config& config, const std::map<std::string, Place>& places,
                       ProblemList& problems);

}  // namespace weir
