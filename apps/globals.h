// Options that every command takes.
#pragma once

#include <optional>
#include <string>

namespace weir {

struct GlobalOptions {
  int quiet = 0;               // -q: only warnings and results; -qq: only errors and results
  bool verbose = false;        // -v: debug lines too
  bool json = false;           // JSON Lines on stdout
  std::string color = "auto";  // auto | always | never
  std::optional<int> threads;  // none: the configuration, WEIR_THREADS or every core
};

// Puts log level, colours and threads into effect.
void apply(const GlobalOptions& globals);

}  // namespace weir
