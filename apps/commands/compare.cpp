// weir compare: many nets, many seeds, and an answer with its error bars.
#include <algorithm>
#include <csignal>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/compare_events.h"
#include "apps/compare_screen.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "apps/interrupt.h"
#include "compare/plan/plan_file.h"
#include "compare/report/answer.h"
#include "compare/run_comparison.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runtime/threads.h"
#include "train/config/value_codec.h"

namespace weir {
namespace {

struct CompareArguments {
  std::vector<std::string> words, only;
  std::string out;
  int jobs = 1;
  bool dry_run = false;
};

Experiment planned_experiment(const CompareArguments& arguments) {
  ConfigArguments words = sort_config_arguments(arguments.words);
  require(!words.file.empty(),
          "expected a comparison file, such as configs/compare/vgg_exercise.yaml\n"
          "see: weir compare --help");
  require_exists(words.file);
  if (!arguments.out.empty()) {
    words.overrides.push_back({"output.dir=" + scalar_text(arguments.out), "--out"});
  }
  return make_experiment(read_plan(words.file), words.overrides);
}

// The threads are shared by the jobs.
JobOptions job_options(const CompareArguments& arguments, const GlobalOptions& globals,
                       const std::atomic<bool>& stop) {
  const auto share = [&](int threads) { return std::max(1, threads / arguments.jobs); };
  JobOptions options{.program = {"/proc/self/exe"}, .stop = &stop};
  if (globals.threads) options.threads = share(*globals.threads);
  if (arguments.jobs > 1) options.share = share(default_threads());
  return options;
}

// Tells the screen first, then the events.
class ScreenAndEvents : public ComparisonObserver {
 public:
  ScreenAndEvents(CompareScreen& screen, bool json) {
    watchers_.push_back(&screen);
    if (json) watchers_.push_back(&events_);
  }
  void on_start(const Experiment& experiment) override {
    tell([&](auto& watcher) { watcher.on_start(experiment); });
  }
  void on_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) override {
    tell([&](auto& watcher) { watcher.on_stage(stage, runs); });
  }
  void on_run_start(const PlannedRun& run, int attempt, int resumed_epochs) override {
    tell([&](auto& watcher) { watcher.on_run_start(run, attempt, resumed_epochs); });
  }
  void on_epoch(const PlannedRun& run, const EpochRow& row,
                const ComparisonProgress& progress) override {
    tell([&](auto& watcher) { watcher.on_epoch(run, row, progress); });
  }
  void on_restart(const PlannedRun& run, int attempt, const std::string& why) override {
    tell([&](auto& watcher) { watcher.on_restart(run, attempt, why); });
  }
  void on_run_end(const PlannedRun& run, const RunEnd& end,
                  const ComparisonProgress& progress) override {
    tell([&](auto& watcher) { watcher.on_run_end(run, end, progress); });
  }
  void on_choice(const Cell& cell, const std::string& value, double val_acc) override {
    tell([&](auto& watcher) { watcher.on_choice(cell, value, val_acc); });
  }
  void on_tick(const ComparisonProgress& progress) override {
    tell([&](auto& watcher) { watcher.on_tick(progress); });
  }

 private:
  template <class Tell>
  void tell(const Tell& tell_one) {
    for (ComparisonObserver* watcher : watchers_) tell_one(*watcher);
  }

  CompareEvents events_;
  std::vector<ComparisonObserver*> watchers_;
};

int show_plan(const Experiment& experiment, bool json) {
  if (json) {
    CompareEvents().on_start(experiment);
    return 0;
  }
  print_text(fmt::format("{:<40}  {:>12}  {:>10}  {:>6}  {}\n", "net", "parameters", "M MACs",
                         "epochs", "folder"));
  for (const Cell& cell : experiment.cells) {
    print_text(fmt::format("{:<40}  {:>12}  {:>10.1f}  {:>6}  {}\n", cell.str(),
                           cell.cost.parameters, static_cast<double>(cell.cost.macs) * 1e-6,
                           cell.config.train.epochs, (experiment.folder / cell.folder).string()));
  }
  print_text(fmt::format(
      "\n{} trials and {} runs, {} pairs to test\ndry run: nothing was written\n",
      planned_trials(experiment).size(), experiment.cells.size() * experiment.plan.seeds.size(),
      experiment.plan.pairs.size() * experiment.points()));
  return 0;
}

void print_answer(const Comparison& comparison) {
  for (const std::string& line : answer_lines(comparison)) print_text(line + "\n");
  print_text("\n" + results_table(comparison));
  const int pixels = comparison.experiment.plan.shift_consistency;
  const std::string same_class =
      pixels == 0 ? ""
                  : fmt::format(
                        "; same class: the share of test pictures that keep their class "
                        "when they move by up to {} pixels",
                        pixels);
  print_text(fmt::format("\n± is the standard deviation over seeds{}\nfiles   {}\n", same_class,
                         comparison.experiment.folder.string()));
}

int run(const CommandTree& tree, const CompareArguments& arguments) {
  const GlobalOptions& globals = tree.globals();
  const Experiment experiment = planned_experiment(arguments);
  if (arguments.dry_run) return show_plan(experiment, globals.json);
  const std::atomic<bool>& stop = catch_interrupts();
  CompareScreen screen(globals);
  ScreenAndEvents observer(screen, globals.json);
  const ComparisonOutcome outcome = run_comparison(
      experiment,
      {.runner = {.job = job_options(arguments, globals, stop), .jobs = arguments.jobs},
       .only = arguments.only},
      observer);
  if (outcome.interrupted) {
    log_warning("stopped, and everything is saved; go on with:  {}", tree.command_line());
    const int code = interrupt_exit_code();
    return code != 0 ? code : 128 + SIGTERM;  // somebody stopped a training, not this process
  }
  if (globals.json) {
    print_comparison_end(*outcome.comparison);
  } else {
    print_answer(*outcome.comparison);
  }
  return 0;
}

}  // namespace

void add_compare_command(CommandTree& tree) {
  auto arguments = std::make_shared<CompareArguments>();
  Command* command =
      tree.add(tree.root(), "compare", "Train many nets with many seeds, and say what differs",
               [&tree, arguments] { return run(tree, *arguments); });
  command
      ->add_option("comparison", arguments->words,
                   "A comparison, and configuration values to change in all of its nets")
      ->type_name("FILE [KEY=VALUE...]");
  command
      ->add_option("--jobs", arguments->jobs,
                   "Trainings at the same time; they share the cores, and no result changes")
      ->range(1, 256)
      ->type_name("N");
  command
      ->add_option("--only", arguments->only,
                   "Train only these variants now; the others keep what they have")
      ->delimiter(',')
      ->allow_extra_args(false)  // or it would take the file too
      ->type_name("VARIANT[,VARIANT...]");
  command->add_option("--out", arguments->out, "Short for output.dir=DIR: it goes to DIR/<name>")
      ->type_name("DIR");
  command->add_flag("--dry-run", arguments->dry_run,
                    "Show the nets and what they cost, train and write nothing");
  tree.add_json(*command);
}

}  // namespace weir
