// From a file and overrides to a checked Config. Precedence, weakest first: defaults, the files
// named by `extends:`, the file itself, overrides in their order.
//
// A key that does not apply, such as milestones with a cosine schedule, is an error, unless what
// made it meaningless came from a stronger source: then it goes back to its default.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "train/config/config.h"
#include "train/config/extends.h"

namespace weir {

// KEY=VALUE, where VALUE is YAML ("scheduler.milestones=[5, 8]"), or ~KEY: back to the default.
struct Override {
  std::string text;
  std::string origin;  // how messages name it: "--seed"; "" = "override #<n>"
};

struct LoadedConfig {
  Config config;
  // Where each value that is not a default came from: "configs/vgg.yaml:12:5", "override #1".
  std::map<std::string, std::string> origins;
  // Values of the files that an override made meaningless.
  std::vector<std::string> warnings;
};

// Throws ConfigErrors with everything that is wrong. kUsage when the file is not there, kData when
// it cannot be read.
LoadedConfig load_config(const std::filesystem::path& file,
                         const std::vector<Override>& overrides = {});

// The same for a text that is not in a file; `name` stands for the file in messages.
LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const std::vector<Override>& overrides = {});

// The same for files that are read and merged already, as a comparison does for each of its nets.
LoadedConfig load_config(MergedYaml yaml, const std::vector<Override>& overrides = {});

}  // namespace weir
