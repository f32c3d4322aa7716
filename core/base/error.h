// Errors as users see them: what was expected, what was found, what to do.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace weir {

// The value of each kind is the exit code of the `weir` command.
enum class ErrorKind {
  kInternal = 1,     // a bug, or input/output that failed (disk full, permission)
  kUsage = 2,        // wrong command line or configuration
  kData = 3,         // data missing, corrupt or refused
  kTraining = 4,     // NaN/Inf, or stuck at chance
  kExpectation = 5,  // an `expect:` check was not met
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

// fail(ErrorKind::kData, "{}: expected {} bytes, found {}", path, a, b);
template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

// Checks a caller's promise at the boundary of the library; kernels below it trust their input.
template <class... Args>
void require(bool holds, fmt::format_string<Args...> format, Args&&... args) {
  if (!holds) fail(ErrorKind::kUsage, format, std::forward<Args>(args)...);
}

}  // namespace weir
