// `extends: base.yaml` (or a list): the files a configuration is built on, found relative to the
// file that names them, merged in their order and under that file. Maps merge, lists replace.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "train/config/yaml_node.h"

namespace weir {

inline constexpr size_t kMaxExtendsDepth = 8;
inline constexpr size_t kMaxConfigFiles = 64;  // a list in a list in a list must end somewhere

struct MergedYaml {
  YamlNode root;  // a map, without `extends`
  // Place::source of everything that was merged, weakest first; a name may appear twice.
  std::vector<std::string> sources;
};

// Throws kUsage when `file` is not there, with the nearest name in its folder. What is wrong inside
// the files goes to the problems, cycles and missing bases included.
MergedYaml read_with_extends(const std::filesystem::path& file, ProblemList& problems);

// For a text without a file; `extends` in it is found relative to the working folder.
MergedYaml read_text_with_extends(std::string_view text, const std::string& source,
                                  ProblemList& problems);

}  // namespace weir
