// weir eval: how good a trained network is on a part of a dataset.
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "train/config/load.h"
#include "train/trained_model.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

struct EvalArguments {
  std::string trained;
  std::vector<std::string> overrides;
  std::string split = "test";
};

// The training's configuration, with `data.` keys changed by the command line.
Config evaluation_config(const TrainedModel& model, const EvalArguments& arguments) {
  std::vector<Override> overrides;
  for (const std::string& word : arguments.overrides) {
    require(word.starts_with("data."),
            "expected a key of `data:`, found '{}'; the trained network fixes the others", word);
    overrides.push_back({word, ""});
  }
  return load_config_text(model.card.config, arguments.trained, overrides).config;
}

// The set without its pictures, for messages.
struct DatasetName {
  std::string id, source, sha256;
};

void print_scores(const TrainedModel& model, const Evaluation& result,
                  const EvalArguments& arguments) {
  const Scores& scores = result.scores;
  print_text(fmt::format("{}  epoch {}\n{} {} pictures  loss {:.4f}  acc {:.2f}  top-5 {:.2f}\n\n",
                         arguments.trained, model.epoch, scores.count, arguments.split,
                         scores.loss(), 100 * scores.accuracy(), 100 * scores.accuracy_top5()));
  print_text(fmt::format("{:<20}{:>8}\n", "class", "acc"));
  for (int label = 0; label < result.confusion.classes(); ++label) {
    print_text(fmt::format("{:<20}{:>8.2f}\n", model.card.classes[static_cast<size_t>(label)],
                           100 * result.confusion.recall(label)));
  }
}

void print_scores_event(const TrainedModel& model, const Evaluation& result,
                        const EvalArguments& arguments, const DatasetName& set) {
  nlohmann::ordered_json classes;
  for (int label = 0; label < result.confusion.classes(); ++label) {
    classes[model.card.classes[static_cast<size_t>(label)]] = result.confusion.recall(label);
  }
  print_event("eval", {{"trained", arguments.trained},
                       {"epoch", model.epoch},
                       {"dataset", {{"id", set.id}, {"sha256", set.sha256}}},
                       {"split", arguments.split},
                       {"count", result.scores.count},
                       {"loss", result.scores.loss()},
                       {"acc", result.scores.accuracy()},
                       {"acc_top5", result.scores.accuracy_top5()},
                       {"class_acc", classes}});
}

int run(const CommandTree& tree, const EvalArguments& arguments) {
  require(!arguments.trained.empty(),
          "expected a run folder or a weights file\nsee: weir eval --help");
  require_exists(arguments.trained);
  TrainedModel model = load_trained_model(arguments.trained);
  Dataset dataset = open_configured_dataset(evaluation_config(model, arguments));
  const DatasetName set{dataset.id, dataset.source, dataset.sha256};
  if (set.sha256 != model.card.dataset_sha256) {
    log_warning("trained on {}, evaluated on other pictures: {} ({})", model.card.dataset_id,
                set.id, set.source);
  }
  const Evaluation result = evaluate_split(model, std::move(dataset), arguments.split);
  if (tree.globals().json) {
    print_scores_event(model, result, arguments, set);
  } else {
    print_scores(model, result, arguments);
  }
  return 0;
}

}  // namespace

void add_eval_command(CommandTree& tree) {
  auto arguments = std::make_shared<EvalArguments>();
  CLI::App* command = tree.add(tree.root(), "eval", "How good a trained network is",
                               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command->add_option("overrides", arguments->overrides, "Keys of `data:`, as data.root=pictures")
      ->type_name("KEY=VALUE");
  CommandTree::add_choice(*command, "--split", arguments->split, {"test", "val", "train"},
                          "Which pictures");
  tree.add_json(*command);
}

}  // namespace weir
