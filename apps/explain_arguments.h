// "--method M [--layer NAME] [--window N] [--stride N]" on a command line.
#pragma once

#include <optional>
#include <string>

#include "apps/command.h"
#include "explain/method.h"

namespace weir {

struct MethodArguments {
  std::string method = "cam", layer;
  std::optional<int> window, stride;
};

void add_method_options(Command& command, MethodArguments& arguments);

// Throws kUsage for an option that the method does not read.
ExplainOptions explain_options(const MethodArguments& arguments);

}  // namespace weir
