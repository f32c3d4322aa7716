// YAML without its traps. Beyond yaml-cpp's syntax check these are errors: duplicate keys, the
// merge key `<<`, anchors and aliases, tags, keys that are not words, a second document, nesting
// deeper than kMaxYamlDepth, bytes that are not UTF-8, control characters and tabs as indentation.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "train/config/yaml_node.h"

namespace weir {

inline constexpr size_t kMaxYamlBytes = size_t{256} << 10;  // a configuration has a few thousand
inline constexpr int kMaxYamlDepth = 32;                    // a layer list needs 6

// The document in `text`; a null node when it is empty or broken. `source` names it in messages.
YamlNode parse_yaml(std::string_view text, const std::string& source, ProblemList& problems);

// For an override: places carry no line, only the source.
YamlNode parse_yaml_value(std::string_view text, const std::string& source, ProblemList& problems);

}  // namespace weir
