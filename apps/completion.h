// Shell completion: scripts that know every command, option and choice, made from CLI11's tree.
// Values that only the program knows (configuration keys, model names, datasets) are asked for when
// needed: `weir __complete COMMAND WORD`.
#pragma once

#include <string>
#include <vector>

#include "apps/command.h"

namespace weir {

// What can follow on one command: "weir data info".
struct Completions {
  std::string path;
  std::vector<std::string> commands;  // words that name a command below
  std::vector<std::string> options;   // "--json", "-q"
  // Options with a list of choices: {"--format", {"table", "json", "md"}}.
  std::vector<std::pair<std::string, std::vector<std::string>>> choices;
};

// Every command below `root`, itself included; hidden ones are left out.
std::vector<Completions> list_completions(const Command& root);

// A script for "bash", "zsh" or "fish".
std::string completion_script(const Command& root, const std::string& shell);

}  // namespace weir
