#include "compare/run/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weir {
namespace {

constexpr int kCannotStart = 127;  // as shells say it

// While it lives, signals to stop wait. A process that forks hands its handlers to the new one, and
// a signal that came before exec would be handled there, by nobody.
class HeldSignals {
 public:
  HeldSignals() {
    ::sigemptyset(&held_);
    for (const int signal : kSignals) ::sigaddset(&held_, signal);
    ::pthread_sigmask(SIG_BLOCK, &held_, &before_);
  }
  ~HeldSignals() { release(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // In the new process: those that came end it.
  void release_to_default() const {
    for (const int signal : kSignals) ::signal(signal, SIG_DFL);
    release();
  }

 private:
  void release() const { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  static constexpr std::array kSignals{SIGINT, SIGTERM};
  sigset_t held_{}, before_{};
};

// In the new process: only calls that are allowed between fork and exec.
[[noreturn]] void become(char* const* words, int output, pid_t parent, const HeldSignals& signals) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kCannotStart);  // it ended before it could be asked
  signals.release_to_default();
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(words[0], words);
  ::_exit(kCannotStart);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail(ErrorKind::kInternal, "cannot make a pipe: {}", std::strerror(errno));
  }
  const pid_t parent = ::getpid();
  int reason = 0;
  {
    const HeldSignals signals;
    process_ = ::fork();
    if (process_ == 0) become(pointers.data(), ends[1], parent, signals);
    reason = errno;
  }
  ::close(ends[1]);
  output_ = ends[0];
  if (process_ < 0) {
    ::close(output_);
    fail(ErrorKind::kInternal, "cannot start {}: {}", words[0], std::strerror(reason));
  }
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(output_);
}

bool ChildProcess::read_lines(std::vector<std::string>& lines) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(output_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) {
      if (!partial_.empty()) lines.push_back(std::move(partial_));
      partial_.clear();
      return false;
    }
    partial_.append(buffer.data(), static_cast<size_t>(count));
    for (size_t end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
      lines.push_back(partial_.substr(0, end));
      partial_.erase(0, end + 1);
    }
  }
}

void ChildProcess::send(int signal) const {
  if (process_ > 0) ::kill(process_, signal);
}

int ChildProcess::wait() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  process_ = 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace weir
