// weir train: trains the network of a configuration; without one, the quick start.
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/train_events.h"
#include "apps/train_screen.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "train/config/value_codec.h"
#include "train/trainer.h"

namespace weir {
namespace {

struct TrainArguments {
  std::vector<std::string> words;
  std::string seed, out, name, weights, resume, precision;
  bool dry_run = false;
};

// Options are overrides with a name of their own; they win over KEY=VALUE.
Config configured(const TrainArguments& arguments, const GlobalOptions& globals) {
  ConfigArguments config = sort_config_arguments(arguments.words);
  const auto set = [&](const char* option, const char* key, const std::string& value) {
    if (value.empty()) return;
    config.overrides.push_back({fmt::format("{}={}", key, scalar_text(value)), option});
  };
  set("--out", "output.dir", arguments.out);
  set("--name", "name", arguments.name);
  set("--weights", "finetune.weights", arguments.weights);
  set("--resume", "train.resume", arguments.resume);
  set("--precision", "train.precision", arguments.precision);
  const auto set_number = [&](const char* option, const char* key, const std::string& value) {
    if (!value.empty()) config.overrides.push_back({fmt::format("{}={}", key, value), option});
  };
  set_number("--seed", "train.seed", arguments.seed);
  set_number("--threads", "train.threads",
             globals.threads ? fmt::format("{}", *globals.threads) : "");
  if (config.file.empty() && !arguments.resume.empty() && arguments.resume != "auto") {
    require_exists(arguments.resume);
    config.file = arguments.resume + "/config.yaml";
  }
  return load_config_and_warn(config);
}

// Tells the screen first, then the events.
class ScreenAndEvents : public TrainObserver {
 public:
  ScreenAndEvents(TrainScreen& screen, bool json) : screen_(screen), json_(json) {}
  void on_start(const RunInfo& info) override {
    screen_.on_start(info);
    if (json_) events_.on_start(info);
  }
  void on_step(const StepReport& report) override { screen_.on_step(report); }
  void on_epoch(const EpochRow& row, bool best_so_far) override {
    screen_.on_epoch(row, best_so_far);
    if (json_) events_.on_epoch(row, best_so_far);
  }
  void on_end(const TrainResult& result) override {
    screen_.on_end(result);
    if (json_) events_.on_end(result);
  }

 private:
  TrainScreen& screen_;
  TrainEvents events_;
  bool json_;
};

int run_dry(const Config& config, const TrainOptions& options, const GlobalOptions& globals) {
  const DryRun dry = dry_run(config, options);
  constexpr double kMega = 1 << 20;
  if (globals.json) {
    print_event("dry_run", {{"dataset", dry.info.dataset_id},
                            {"train", dry.info.train_pictures},
                            {"val", dry.info.val_pictures},
                            {"test", dry.info.test_pictures},
                            {"model", dry.info.model},
                            {"parameters", dry.info.parameters},
                            {"macs", dry.info.macs},
                            {"epochs", dry.info.epochs},
                            {"step_s", dry.step_s},
                            {"epoch_s", dry.epoch_s},
                            {"total_s", dry.total_s},
                            {"peak_rss_mb", dry.peak_rss_mb},
                            {"disk_bytes", dry.disk_bytes}});
    return 0;
  }
  TrainScreen screen(globals);
  screen.describe(dry.info);
  print_text(
      fmt::format("time    about {} for an epoch, {} for all {}  ({:.0f} img/s)\n"
                  "memory  {:.0f} MB at most so far\ndisk    {:.0f} MB for the checkpoints\n"
                  "dry run: nothing was written\n",
                  duration_text(dry.epoch_s), duration_text(dry.total_s), dry.info.epochs,
                  dry.info.batch_size / dry.step_s, dry.peak_rss_mb,
                  static_cast<double>(dry.disk_bytes) / kMega));
  return 0;
}

int run(const CommandTree& tree, const TrainArguments& arguments) {
  const Config config = configured(arguments, tree.globals());
  const std::atomic<bool>& stop = catch_interrupts();
  const TrainOptions options{.stop = &stop, .command = tree.command_line()};
  if (arguments.dry_run) return run_dry(config, options, tree.globals());
  TrainScreen screen(tree.globals());
  ScreenAndEvents observer(screen, tree.globals().json);
  const TrainResult result = train(config, observer, options);
  if (result.status != TrainStatus::kInterrupted) return 0;
  log_warning("stopped, and everything is saved; go on with:  weir train --resume {}",
              result.folder.string());
  return interrupt_exit_code();
}

}  // namespace

void add_train_command(CommandTree& tree) {
  auto arguments = std::make_shared<TrainArguments>();
  Command* command =
      tree.add(tree.root(), "train", "Train a network; without CONFIG, the built-in quick start",
               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("config", arguments->words, "A configuration, and values to change in it")
      ->type_name("[CONFIG] [KEY=VALUE...]");
  command->add_option("--seed", arguments->seed, "Short for train.seed=N")->type_name("N");
  command->add_option("--out", arguments->out, "Short for output.dir=DIR")->type_name("DIR");
  command->add_option("--name", arguments->name, "Short for name=S: runs go to DIR/S/NNNN")
      ->type_name("S");
  command->add_option("--precision", arguments->precision, "Short for train.precision=P")
      ->type_name("fp32|bf16|auto");
  command
      ->add_option("--weights", arguments->weights,
                   "Short for finetune.weights=RUN|FILE: begin with trained weights")
      ->type_name("RUN|FILE");
  command
      ->add_option("--resume", arguments->resume,
                   "Go on with this run, or with the newest unfinished one")
      ->type_name("RUN|auto");
  command->add_flag("--dry-run", arguments->dry_run,
                    "Try two batches, estimate time and memory, write nothing");
  tree.add_json(*command);
}

}  // namespace weir
