#include "core/base/log.h"

#include <memory>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "core/base/error.h"

namespace weir {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

struct Log {
  std::shared_ptr<spdlog::sinks::stderr_color_sink_mt> screen =
      std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  spdlog::logger logger{"weir", screen};
  Log() {
    // Information reads as plain text; warnings and errors carry their level in front.
    screen->set_pattern("%v");
    screen->set_level(spdlog::level::info);
    logger.set_level(spdlog::level::debug);
    logger.flush_on(spdlog::level::debug);
  }
};

Log& log() {
  static Log instance;
  return instance;
}

}  // namespace

void set_log_level(LogLevel level) { log().screen->set_level(spdlog_level(level)); }

void set_log_file(const std::filesystem::path& path) {
  auto& sinks = log().logger.sinks();
  sinks.resize(1);
  if (path.empty()) return;
  try {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    file->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    sinks.push_back(std::move(file));
  } catch (const spdlog::spdlog_ex& error) {
    fail(ErrorKind::kInternal, "cannot open the log {}: {}", path.string(), error.what());
  }
}

void log_line(LogLevel level, std::string_view text) {
  const bool marked = level == LogLevel::kWarning || level == LogLevel::kError;
  const char* mark = level == LogLevel::kWarning ? "warning: " : "error: ";
  log().logger.log(spdlog_level(level), "{}{}", marked ? mark : "", text);
}

}  // namespace weir
