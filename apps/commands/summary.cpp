// weir summary: the layers of a network, what they cost and what they see.
#include "models/summary.h"

#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "models/registry.h"
#include "models/summary_format.h"
#include "train/trained_model.h"

namespace weir {
namespace {

struct SummaryArguments {
  std::vector<std::string> words;
  std::string format = "table";
  std::vector<int> input;
  std::optional<int> classes;
};

bool is_trained(const std::string& path) {
  return path.ends_with(".safetensors") || std::filesystem::is_directory(path);
}

// The configuration of the network, with the sizes of the pictures it was trained on or is for.
Config described_config(const SummaryArguments& arguments) {
  const ConfigArguments words = sort_config_arguments(arguments.words);
  if (!is_trained(words.file)) {
    Config config = load_config_and_warn(words);
    if (config.data.name == "image_folder") {
      config.model.in_height = config.model.in_width = config.data.image_size;
    }
    return config;
  }
  require(words.overrides.empty(), "{}: a trained network cannot be changed; found '{}'",
          words.file, words.overrides.empty() ? "" : words.overrides.front().text);
  const TrainedModel trained = load_trained_model(words.file);
  Config config = trained.config;
  config.model.in_channels = trained.card.channels;
  config.model.in_height = trained.card.height;
  config.model.in_width = trained.card.width;
  config.model.num_classes = static_cast<int>(trained.card.classes.size());
  return config;
}

void apply_sizes(const SummaryArguments& arguments, ModelOptions& model) {
  if (!arguments.input.empty()) {
    model.in_channels = arguments.input[0];
    model.in_height = arguments.input[1];
    model.in_width = arguments.input[2];
  }
  if (arguments.classes) model.num_classes = *arguments.classes;
}

std::string memory_line(const Summary& summary, const Config& config) {
  const int slots = config.optimizer.name == "adamw" ? 2 : config.optimizer.momentum > 0 ? 1 : 0;
  const MemoryEstimate memory = estimate_memory(summary, config.data.batch_size, slots);
  constexpr double kMega = 1 << 20;
  return fmt::format("Memory about {:.0f} MB to train with batches of {}, {:.0f} MB to predict\n",
                     static_cast<double>(memory.training) / kMega, config.data.batch_size,
                     static_cast<double>(memory.inference) / kMega);
}

int run(const SummaryArguments& arguments) {
  Config config = described_config(arguments);
  apply_sizes(arguments, config.model);
  const Summary summary = summarize(build_model(config.model));
  const SummaryFormat format = summary_format_named(arguments.format);
  print_text(format_summary(summary, format));
  if (format != SummaryFormat::kJson) print_text(memory_line(summary, config));
  return 0;
}

}  // namespace

void add_summary_command(CommandTree& tree) {
  auto arguments = std::make_shared<SummaryArguments>();
  Command* command =
      tree.add(tree.root(), "summary", "The layers of a network: shapes, costs, receptive fields",
               [arguments] { return run(*arguments); });
  command
      ->add_option("network", arguments->words,
                   "A configuration with values to change in it, a run folder or a weights file")
      ->type_name("CONFIG|RUN|WEIGHTS [KEY=VALUE...]");
  command->add_choice("--format", arguments->format, {"table", "json", "md"}, "Form of the table");
  command->add_option("--input", arguments->input, "Channels, height and width of a picture")
      ->delimiter('x')
      ->expected(3)
      ->type_name("CxHxW");
  command->add_option("--classes", arguments->classes, "Number of classes")->type_name("N");
}

}  // namespace weir
