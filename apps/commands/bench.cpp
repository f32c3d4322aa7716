// weir bench: how fast this machine trains the network of a configuration.
#include "train/bench/bench.h"

#include <memory>

#include <fmt/core.h>

#include "apps/bench_report.h"
#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "apps/tune_report.h"
#include "train/config/value_codec.h"
#include "train/measured_kernels.h"

namespace weir {
namespace {

struct BenchArguments {
  std::vector<std::string> words;
  std::string batch, precision;
  bool tune = false;
  BenchOptions options;
};

// Options are overrides with a name of their own; they win over KEY=VALUE.
Config configured(const BenchArguments& arguments, const GlobalOptions& globals) {
  ConfigArguments config = sort_config_arguments(arguments.words);
  if (!arguments.batch.empty()) {
    config.overrides.push_back({"data.batch_size=" + arguments.batch, "--batch"});
  }
  if (!arguments.precision.empty()) {
    config.overrides.push_back(
        {"train.precision=" + scalar_text(arguments.precision), "--precision"});
  }
  if (globals.threads) {
    config.overrides.push_back({fmt::format("train.threads={}", *globals.threads), "--threads"});
  }
  return load_config_and_warn(config);
}

int tune(const CommandTree& tree, const BenchArguments& arguments) {
  const TuneReport report = run_tune(configured(arguments, tree.globals()));
  const std::string file = measured_kernels_file().string();
  if (tree.globals().json) {
    print_event("tune", tune_json(report, file));
  } else {
    print_text(tune_text(report, file));
  }
  return 0;
}

int run(const CommandTree& tree, const BenchArguments& arguments) {
  if (arguments.tune) return tune(tree, arguments);
  const BenchReport report = run_bench(configured(arguments, tree.globals()), arguments.options);
  if (tree.globals().json) {
    print_event("bench", bench_json(report));
  } else {
    print_text(bench_text(report));
  }
  return 0;
}

}  // namespace

void add_bench_command(CommandTree& tree) {
  auto arguments = std::make_shared<BenchArguments>();
  Command* command = tree.add(tree.root(), "bench", "How fast this machine trains a network",
                              [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("config", arguments->words, "A configuration, and values to change in it")
      ->type_name("[CONFIG] [KEY=VALUE...]");
  command->add_option("--batch", arguments->batch, "Short for data.batch_size=N")->type_name("N");
  command->add_option("--precision", arguments->precision, "Short for train.precision=P")
      ->type_name("fp32|bf16|auto");
  Option* seconds =
      command->add_option("--seconds", arguments->options.seconds, "How long to measure [5]")
          ->range(0.01, 3600.0)
          ->type_name("S");
  Option* layers = command->add_flag("--layers", arguments->options.layers,
                                     "A table of the layers: time, arithmetic and memory traffic");
  Option* data =
      command->add_flag("--data", arguments->options.real_data,
                        "Train on the configured pictures; else on one batch of random ones");
  command
      ->add_flag("--tune", arguments->tune,
                 "Instead, find the fastest convolution kernels, for train.kernels=measured")
      ->excludes({layers, data, seconds});
  tree.add_json(*command);
}

}  // namespace weir
