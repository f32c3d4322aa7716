// The `weir` command: parse, call the library, turn errors into messages and exit codes.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "apps/command_tree.h"
#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/terminal.h"
#include "core/base/error.h"

namespace weir {
namespace {

void add_commands(CommandTree& tree) {
  add_train_command(tree);
  add_eval_command(tree);
  add_predict_command(tree);
  add_explain_command(tree);
  add_localize_command(tree);
  add_compare_command(tree);
  add_report_command(tree);
  add_diagnose_command(tree);
  add_summary_command(tree);
  add_bench_command(tree);
  add_data_commands(tree);
  add_config_commands(tree);
  add_pool_command(tree);
  add_conformance_command(tree);
  add_env_command(tree);
  add_completion_commands(tree);
}

int report(ErrorKind kind, const std::string& message, bool json) {
  const int code = static_cast<int>(kind);
  fmt::print(stderr, "{} {}\n", styled("error:", Style::kRed, Stream::kErr), message);
  if (json) print_event("error", {{"exit_code", code}, {"message", message}});
  return code;
}

int run(const std::vector<std::string>& arguments) {
  // Errors in the command line itself are events too, so this cannot wait for the parser.
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  CommandTree tree;
  add_commands(tree);
  try {
    return tree.parse(arguments) ? tree.run() : 0;
  } catch (const Error& error) {
    return report(error.kind(), error.what(), json);
  } catch (const std::bad_alloc&) {
    return report(ErrorKind::kInternal, "out of memory; a smaller data.batch_size needs less",
                  json);
  } catch (const std::exception& error) {
    return report(ErrorKind::kInternal, std::string("internal: ") + error.what(), json);
  }
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  try {
    return weir::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {  // stdout is gone: nothing is left but to say so
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
