// The log: one line per event to stderr, and to a file once a run folder exists. stdout is for
// data.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace weir {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// What stderr shows; the file, when there is one, always gets everything.
void set_log_level(LogLevel level);
// Adds a file that gets every line from now on; an empty path stops it.
void set_log_file(const std::filesystem::path& path);
void log_line(LogLevel level, std::string_view text);

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace weir
