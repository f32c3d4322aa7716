// weir conformance: pooling and its relatives against PyTorch's results and a slow oracle's.
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/conformance_report.h"
#include "apps/events.h"
#include "conformance/case_files.h"
#include "conformance/runner.h"

namespace weir {
namespace {

struct ConformanceArguments {
  std::string folder, id, isa = "all", kernel = "all";
  std::vector<std::string> operators;
  bool list = false;
};

int list_cases(const ConformanceOptions& options, const std::vector<std::string>& operators) {
  for (const std::string& op : operators.empty() ? operators_in(options.folder) : operators) {
    const std::vector<ConformanceCase> cases = read_cases(options.folder, op);
    if (operators.empty()) {
      print_text(fmt::format("{:<24}{:>6} cases\n", op, cases.size()));
      continue;
    }
    for (const ConformanceCase& c : cases) print_text(case_line(c));
  }
  return 0;
}

int run(const ConformanceArguments& arguments, const CommandTree& tree) {
  ConformanceOptions options{.operators = arguments.operators,
                             .id = arguments.id,
                             .isa = arguments.isa,
                             .kernel = arguments.kernel};
  options.folder =
      arguments.folder.empty() ? find_case_folder() : std::filesystem::path(arguments.folder);
  if (options.operators.empty() && !options.id.empty()) {
    options.operators = {options.id.substr(0, options.id.find('/'))};
  }
  if (arguments.list) return list_cases(options, arguments.operators);
  ConformanceReport report(tree.globals().json);
  run_conformance(options, [&](const OperatorReport& op) { report.add(op); });
  return report.finish() ? 0 : 1;
}

}  // namespace

void add_conformance_command(CommandTree& tree) {
  auto arguments = std::make_shared<ConformanceArguments>();
  CLI::App* command =
      tree.add(tree.root(), "conformance", "Check every pooling operator against known results",
               [arguments, &tree] { return run(*arguments, tree); });
  command->add_option("folder", arguments->folder, "Case files; the installed ones by default")
      ->type_name("FOLDER");
  command->add_option("--op", arguments->operators, "Operators, by their names in YAML")
      ->delimiter(',')
      ->allow_extra_args(false)  // or it would take the folder too
      ->type_name("OP[,OP...]");
  command->add_option("--case", arguments->id, "One case, such as max_pool2d/0017")
      ->type_name("ID");
  command
      ->add_option("--isa", arguments->isa,
                   "Instruction set, or all that this machine has (default)")
      ->type_name("NAME|all");
  command
      ->add_option("--kernel", arguments->kernel,
                   "Pooling kernel: simd, reference or all (default)")
      ->type_name("NAME|all");
  command->add_flag("--list", arguments->list, "Only list the operators; with --op their cases");
  tree.add_json(*command);
}

}  // namespace weir
