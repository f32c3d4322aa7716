// The one table of configuration keys. Adding a key is one entry in key_table.cpp and one field in
// config.h; the reference page, the schema and completion follow from it.
#pragma once

#include <string>
#include <vector>

#include "train/config/key.h"

namespace weir {

struct KeySection {
  std::string path;  // "optimizer", "train.fail_if_stuck"
  std::string help;
};

// In the order in which a configuration is written.
const std::vector<Key>& config_keys();
const std::vector<KeySection>& config_sections();

}  // namespace weir
