// weir env: what this machine offers, and what Weir uses of it.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "core/kernels/gemm/blas.h"
#include "datasets/cifar10_location.h"
#include "train/run/environment.h"

namespace weir {
namespace {

nlohmann::ordered_json environment() {
  nlohmann::ordered_json env = describe_environment();
  env["blas"] = kernels::blas_description();
  const auto cifar10 = find_cifar10(data_roots(""));
  env["cifar10"] = cifar10 ? cifar10->path.string() : "not found; get it:  weir data get cifar10";
  return env;
}

int run(const CommandTree& tree) {
  const nlohmann::ordered_json env = environment();
  if (tree.globals().json) {
    print_event("env", env);
    return 0;
  }
  for (const auto& [name, value] : env.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    print_text(fmt::format("{:<16}{}\n", name, text));
  }
  return 0;
}

}  // namespace

void add_env_command(CommandTree& tree) {
  Command* command =
      tree.add(tree.root(), "env", "Processor, libraries and datasets found on this machine",
               [&tree] { return run(tree); });
  tree.add_json(*command);
}

}  // namespace weir
