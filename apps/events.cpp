#include "apps/events.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/base/error.h"

namespace weir {

void print_text(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    fail(ErrorKind::kInternal, "cannot write to stdout: {}", std::strerror(errno));
  }
}

void print_event(std::string_view name, const nlohmann::ordered_json& fields) {
  nlohmann::ordered_json event = {{"event", name}, {"schema", 1}};
  event.update(fields);
  // File names need not be UTF-8, JSON must be.
  const auto replace = nlohmann::ordered_json::error_handler_t::replace;
  print_text(event.dump(-1, ' ', false, replace) + "\n");
}

}  // namespace weir
