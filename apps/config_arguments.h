// "CONFIG KEY=VALUE..." on a command line.
#pragma once

#include <string>
#include <vector>

#include "train/config/load.h"

namespace weir {

struct ConfigArguments {
  std::string file;  // "": none was named
  std::vector<Override> overrides;
};

// Sorts words into the one file and the overrides. Throws kUsage for a second file.
ConfigArguments sort_config_arguments(const std::vector<std::string>& words);

// The configuration that they mean; without a file, the quick start. Throws kUsage for a file that
// does not exist, with the nearest one that does.
LoadedConfig load_config(const ConfigArguments& arguments);

// The same, and every warning goes to the log.
Config load_config_and_warn(const ConfigArguments& arguments);

// Throws kUsage when there is no such file or folder, and names the nearest one that exists.
void require_exists(const std::string& path);

// configs/quickstart.yaml, which is built into the command.
extern const char* const kQuickstartYaml;

}  // namespace weir
