// weir env: what this machine offers, and what Weir uses of it.
#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "core/kernels/blas.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

nlohmann::ordered_json environment() {
  return {
      {"weir", WEIR_VERSION},
      {"compiler", "g++ " __VERSION__},
      {"cpu", cpu_model()},
      {"isa", isa()},
      {"isas", available_isas()},
      {"cores", usable_cores()},
      {"threads", threads()},
      {"blas", kernels::blas_description()},
  };
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("{:<10}{}\n", name, value);
}

}  // namespace

void add_env_command(CommandTree& tree) {
  CLI::App* command = tree.add(
      tree.root(), "env", "Processor, libraries and datasets found on this machine", [&tree] {
        const nlohmann::ordered_json env = environment();
        if (tree.globals().json) {
          print_event("env", env);
          return 0;
        }
        for (const auto& [name, value] : env.items()) {
          print_text(row(name, value.is_string() ? value.get<std::string>() : value.dump()));
        }
        return 0;
      });
  tree.add_json(*command);
}

}  // namespace weir
