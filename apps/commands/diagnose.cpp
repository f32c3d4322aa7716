// weir diagnose: what a trained network does with its pooling.
#include "train/diagnose/diagnose.h"

#include <filesystem>
#include <limits>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/diagnose_report.h"
#include "apps/events.h"
#include "apps/trained_run.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "train/diagnose/report.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct DiagnoseArguments {
  std::string run, weights = "best", out;
  int batches = 20;
};

std::string weights_file(const fs::path& run, const std::string& which) {
  return (run / "weights" / (which + ".safetensors")).string();
}

TrainedModel load_run(const DiagnoseArguments& arguments) {
  require(!arguments.run.empty(), "expected a run folder\nsee: weir diagnose --help");
  require_exists(arguments.run);
  const std::string file = weights_file(arguments.run, arguments.weights);
  if (fs::is_regular_file(file)) return load_trained_model(file);
  const std::string other = arguments.weights == "best" ? "last" : "best";
  const bool has_other = fs::is_regular_file(weights_file(arguments.run, other));
  fail(ErrorKind::kData, "{} has no weights/{}.safetensors; {}", arguments.run, arguments.weights,
       has_other ? "its other weights: --weights " + other
                 : "expected the folder of a run that finished an epoch, such as runs/lenet5/0001");
}

void write_files(const fs::path& folder, const std::string& title, const Diagnosis& diagnosis) {
  make_folder(folder);
  write_file_atomic(folder / "diagnose.csv", diagnosis_csv(diagnosis));
  write_png(folder / "diagnose.png", draw_diagnosis(title, diagnosis));
}

int run(const CommandTree& tree, const DiagnoseArguments& arguments) {
  TrainedModel model = load_run(arguments);
  const Diagnosis diagnosis =
      diagnose(model, open_run_dataset(model, arguments.run, {}, "diagnosed"), arguments.batches);
  const fs::path folder =
      arguments.out.empty() ? fs::path(arguments.run) / "diagnose" : fs::path(arguments.out);
  const std::string title =
      fmt::format("{}  epoch {}  {} training batches, {} pictures", arguments.run, model.epoch,
                  diagnosis.batches, diagnosis.pictures);
  write_files(folder, title, diagnosis);
  if (tree.globals().json) {
    nlohmann::ordered_json fields{{"run", arguments.run},
                                  {"weights", arguments.weights},
                                  {"epoch", model.epoch},
                                  {"folder", folder.string()}};
    fields.update(diagnosis_json(diagnosis));
    print_event("diagnose", fields);
  } else {
    print_text(fmt::format("{}\n\n{}\n", title, diagnosis_table(diagnosis)));
    print_text(fmt::format("files   {}\n", folder.string()));
  }
  return 0;
}

}  // namespace

void add_diagnose_command(CommandTree& tree) {
  auto arguments = std::make_shared<DiagnoseArguments>();
  Command* command =
      tree.add(tree.root(), "diagnose", "What a trained network does with its pooling",
               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("run", arguments->run, "A run folder")->type_name("RUN");
  command
      ->add_option("--batches", arguments->batches,
                   "Training batches to look at; at most an epoch (default 20)")
      ->range(1, std::numeric_limits<int>::max())
      ->type_name("N");
  command->add_choice("--weights", arguments->weights, {"best", "last"},
                      "Which weights of the run");
  command
      ->add_option("--out", arguments->out,
                   "Where diagnose.csv and diagnose.png go; RUN/diagnose by default")
      ->type_name("DIR");
  tree.add_json(*command);
}

}  // namespace weir
