#include "apps/globals.h"

#include "apps/terminal.h"
#include "core/base/log.h"
#include "core/runtime/parallel.h"

namespace weir {

void apply(const GlobalOptions& globals) {
  if (globals.verbose) set_log_level(LogLevel::kDebug);
  if (globals.quiet == 1) set_log_level(LogLevel::kWarning);
  if (globals.quiet > 1) set_log_level(LogLevel::kError);
  set_color_mode(globals.color);
  if (globals.threads) set_threads(*globals.threads);
}

}  // namespace weir
