// weir conformance: pooling and its relatives against PyTorch's results and a slow oracle's.
#include <memory>
#include <span>

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

// Operators when none was asked for, else their cases.
int list_cases(const ConformanceOptions& options, bool json) {
  visit_cases(options, [&](const std::string& op, std::span<const ConformanceCase> cases) {
    if (options.operators.empty()) return list_operator(op, cases.size(), json);
    for (const ConformanceCase& c : cases) list_case(c, json);
  });
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
  const bool json = tree.globals().json;
  if (arguments.list) return list_cases(options, json);
  ConformanceReport report(json);
  run_conformance(options, [&](const OperatorReport& op) { report.add(op); });
  return report.finish() ? 0 : 1;
}

}  // namespace

void add_conformance_command(CommandTree& tree) {
  auto arguments = std::make_shared<ConformanceArguments>();
  Command* command =
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
  Option* isa = command
                    ->add_option("--isa", arguments->isa,
                                 "Instruction set, or all that this machine has (default)")
                    ->type_name("NAME|all");
  Option* kernel = command
                       ->add_option("--kernel", arguments->kernel,
                                    "Pooling kernel: simd, reference or all (default)")
                       ->type_name("NAME|all");
  command
      ->add_flag("--list", arguments->list,
                 "Only list the operators; with --op or --case the cases")
      ->excludes({isa, kernel});  // nothing is run
  tree.add_json(*command);
}

}  // namespace weir
