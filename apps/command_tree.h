// The commands of `weir` as CLI11 sees them, each with the function that runs it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/globals.h"

namespace weir {

class CommandTree {
 public:
  CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;

  // Adds a command under `parent`. `run` returns the exit code; it throws weir::Error to fail.
  CLI::App* add(CLI::App& parent, const std::string& name, const std::string& help,
                std::function<int()> run);
  // Adds a command that only groups others ("data", "config"). Alone it shows its help.
  CLI::App* add_group(const std::string& name, const std::string& help);
  // An option that takes one of `words`. They show in --help, in errors and in completions.
  static void add_choice(CLI::App& command, const std::string& name, std::string& value,
                         const std::vector<std::string>& words, const std::string& help);
  // The same for one that takes several, with commas between them.
  static void add_choices(CLI::App& command, const std::string& name,
                          std::vector<std::string>& values, const std::vector<std::string>& words,
                          const std::string& help);
  // --json, for a command whose results have a JSON form.
  void add_json(CLI::App& command);

  // Throws kUsage for a command line that no command takes, with the nearest name.
  void parse(std::vector<std::string> arguments);
  // Runs the command that was parsed.
  int run();

  CLI::App& root() { return root_; }
  const GlobalOptions& globals() const { return globals_; }
  // What was parsed, as one would type it into a shell.
  const std::string& command_line() const { return command_line_; }

 private:
  void add_global_options();
  void check_leftovers() const;

  CLI::App root_;
  GlobalOptions globals_;
  std::string command_line_;
  std::map<const CLI::App*, std::function<int()>> actions_;
};

// The deepest command that was named: "weir data info" -> info.
const CLI::App* chosen_command(const CLI::App& root);
// "weir data info"
std::string command_path(const CLI::App& command);

}  // namespace weir
