#include "tests/apps/run_command.h"

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::testing {
namespace fs = std::filesystem;
namespace {

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void redirect(int descriptor, const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags, 0644);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

// In the child, after fork(): becomes the program, or ends.
[[noreturn]] void become(const std::vector<std::string>& words, const CommandOptions& options,
                         const fs::path& out, const fs::path& err) {
  redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT);
  redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT);
  if (::chdir(options.folder.c_str()) != 0) ::_exit(126);
  for (const std::string& variable : options.environment) {
    const size_t equals = variable.find('=');
    ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = ::testing::TempDir() + "/weir-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, const std::string& text) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return (path_ / name).string();
}

Command::Command(const std::vector<std::string>& words, const CommandOptions& options) {
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("fork failed");
  if (process_ == 0) become(words, options, streams_.path() / "out", streams_.path() / "err");
}

Command::~Command() {
  if (has_ended(false)) return;
  send(SIGKILL);
  has_ended(true);
}

void Command::send(int signal) const { ::kill(process_, signal); }

bool Command::has_ended(bool block) {
  if (!ended_) ended_ = ::waitpid(process_, &status_, block ? 0 : WNOHANG) == process_;
  return ended_;
}

bool Command::wait_for_stderr(const std::string& text) {
  const auto says_it = [&] {
    return content(streams_.path() / "err").find(text) != std::string::npos;
  };
  while (!has_ended(false)) {
    if (says_it()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return says_it();
}

CommandResult Command::wait() {
  has_ended(true);
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_),
          content(streams_.path() / "out"), content(streams_.path() / "err")};
}

CommandResult run_program(const std::vector<std::string>& words, const CommandOptions& options) {
  return Command(words, options).wait();
}

CommandResult run_weir(std::vector<std::string> arguments, const CommandOptions& options) {
  arguments.insert(arguments.begin(), WEIR_BINARY);
  return run_program(arguments, options);
}

}  // namespace weir::testing
