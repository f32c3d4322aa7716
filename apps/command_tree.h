// The commands of `weir` as CLI11 sees them, each with the function that runs it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/command.h"
#include "apps/globals.h"

namespace weir {

class CommandTree {
 public:
  CommandTree();
  ~CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;

  // Adds a command under `parent`. `run` returns the exit code; it throws weir::Error to fail.
  Command* add(Command& parent, const std::string& name, const std::string& help,
               std::function<int()> run);
  // Adds a command that only groups others ("data", "config"). Alone it shows its help.
  Command* add_group(const std::string& name, const std::string& help);
  // --json, for a command whose results have a JSON form.
  void add_json(Command& command);

  // False when that answered it: --help, --version. Throws kUsage for a command line that no
  // command takes, with the nearest name.
  bool parse(std::vector<std::string> arguments);
  // Runs the command that was parsed.
  int run();

  Command& root() { return root_; }
  const GlobalOptions& globals() const { return globals_; }
  // What was parsed, as one would type it into a shell.
  const std::string& command_line() const { return command_line_; }

 private:
  void add_global_options();
  void check_leftovers() const;

  std::unique_ptr<CLI::App> app_;
  Command root_;
  std::deque<Command> commands_;  // callers keep pointers
  GlobalOptions globals_;
  std::string command_line_;
  std::map<const CLI::App*, std::function<int()>> actions_;
};

// The deepest command that was named: "weir data info" -> info.
const CLI::App* chosen_command(const CLI::App& root);
// "weir data info"
std::string command_path(const CLI::App& command);

}  // namespace weir
