// A program that runs beside this one and speaks in lines.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace weir {

class ChildProcess {
 public:
  // Starts words[0] (a path, or a name in PATH); its stdout and stderr come as lines. It is in a
  // process group of its own, so that Ctrl-C reaches it only through send(), and gets SIGTERM when
  // this process ends in any way. Call it from a thread that lives as long as the child. Throws
  // kInternal when the system refuses.
  explicit ChildProcess(const std::vector<std::string>& words);
  ~ChildProcess();  // ends it at once when it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int descriptor() const { return output_; }  // for poll(): readable when something has come
  // Adds the whole lines that have come, without waiting; false when no more can come.
  bool read_lines(std::vector<std::string>& lines);
  void send(int signal) const;
  // Waits for its end: the exit code as a shell says it, 128 + signal when one ended it.
  int wait();

 private:
  pid_t process_ = 0;
  int output_ = -1;
  std::string partial_;
};

}  // namespace weir
