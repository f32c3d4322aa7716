// Configurations as text.
#pragma once

#include <string>
#include <vector>

#include "train/config/load.h"

namespace weir {

// Every key that applies, with its value. Reading it back gives the same configuration.
std::string to_yaml(const Config& config);

// The same with a comment behind each value: where it came from.
std::string to_yaml_with_origins(const LoadedConfig& loaded);

// A key with different values; "" where a key does not apply.
struct ConfigDifference {
  std::string key, a, b;
};
std::vector<ConfigDifference> diff(const Config& a, const Config& b);

}  // namespace weir
