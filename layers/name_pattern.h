// Choosing parameters by their names, as a configuration does: "features.*", "*.bias", "head".
#pragma once

#include <string>
#include <vector>

#include "layers/layer.h"

namespace weir {

// True when `pattern` fits a parameter's name ("features.0.weight") or the name of a layer that it
// belongs to ("features.0", "features"). `*` is any text, dots included, `?` one character, `[0-3]`
// one of these. The words "backbone" and "head" mean the parts that networks of models/ consist
// of: features and classifier.
bool fits(const std::string& pattern, const std::string& name);
bool fits_any(const std::vector<std::string>& patterns, const std::string& name);

// Throws kUsage when a pattern fits none of the parameters: one line for each such pattern, with
// the nearest name and the layers that there are. `key` begins the lines.
void require_fitting(const std::vector<std::string>& patterns,
                     const std::vector<NamedParameter>& parameters, const std::string& key);

}  // namespace weir
