// Runs the `weir` command as a shell would, and keeps what it said.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace weir::testing {

// A new empty folder, removed with the object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  // Writes a file into it and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

struct CommandResult {
  int exit_code = -1;  // as a shell says it: 128 + signal when one ended the process
  std::string out, err;
};

struct CommandOptions {
  std::filesystem::path folder = ".";         // where it runs
  std::vector<std::string> environment = {};  // "NAME=value", beside what the tests have
};

// A command that runs beside the test. words[0] is found in PATH.
class Command {
 public:
  explicit Command(const std::vector<std::string>& words, const CommandOptions& options = {});
  ~Command();  // kills it when it still runs
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  void send(int signal) const;
  // Waits until stderr holds `text`; false when the command ended without saying it.
  bool wait_for_stderr(const std::string& text);
  CommandResult wait();

 private:
  bool has_ended(bool block);

  TempFolder streams_;
  pid_t process_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

// Runs a program to its end.
CommandResult run_program(const std::vector<std::string>& words,
                          const CommandOptions& options = {});
// The same for `weir`; `arguments` follow its name.
CommandResult run_weir(std::vector<std::string> arguments, const CommandOptions& options = {});

}  // namespace weir::testing
