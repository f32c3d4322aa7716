// weir eval: how good a trained network is on a part of a dataset.
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "apps/trained_network.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "datasets/split.h"
#include "train/config/load.h"
#include "train/metrics/evaluate.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

struct EvalArguments {
  std::string trained;
  std::vector<std::string> overrides;
  std::string split = "test";
};

// The training's configuration, with `data.` keys changed by the command line.
Config evaluation_config(const TrainedNetwork& trained, const EvalArguments& arguments) {
  std::vector<Override> overrides;
  for (const std::string& word : arguments.overrides) {
    require(word.starts_with("data."),
            "expected a key of `data:`, found '{}'; the trained network fixes the others", word);
    overrides.push_back({word, ""});
  }
  return load_config_text(trained.card.config, trained.weights.string(), overrides).config;
}

Images part_of(Dataset set, const std::string& split, const Config& config) {
  if (split == "test") return std::move(set.test);
  const Split parts = stratified_split(set.train.labels, static_cast<int>(set.classes.size()),
                                       config.data.val_split, config.train.seed);
  return subset(set.train, split == "val" ? parts.validation : parts.train);
}

void check_dataset(const TrainedNetwork& trained, const Dataset& set) {
  if (set.classes != trained.card.classes) {
    fail(ErrorKind::kData,
         "{}: expected the {} classes of the training ({}, ..), found {} ({}, ..)", set.source,
         trained.card.classes.size(), trained.card.classes.front(), set.classes.size(),
         set.classes.front());
  }
  if (set.sha256 != trained.card.dataset_sha256) {
    log_warning("trained on {}, evaluated on other pictures: {} ({})", trained.card.dataset_id,
                set.id, set.source);
  }
}

void print_scores(const TrainedNetwork& trained, const Evaluation& result,
                  const std::string& split) {
  const Scores& scores = result.scores;
  print_text(fmt::format("{}  epoch {}\n{} {} pictures  loss {:.4f}  acc {:.2f}  top-5 {:.2f}\n\n",
                         trained.weights.string(), trained.epoch, scores.count, split,
                         scores.loss(), 100 * scores.accuracy(), 100 * scores.accuracy_top5()));
  print_text(fmt::format("{:<20}{:>8}\n", "class", "acc"));
  for (int label = 0; label < trained.classes(); ++label) {
    print_text(fmt::format("{:<20}{:>8.2f}\n", trained.card.classes[static_cast<size_t>(label)],
                           100 * result.confusion.recall(label)));
  }
}

void print_scores_event(const TrainedNetwork& trained, const Evaluation& result,
                        const std::string& split, const Dataset& set) {
  nlohmann::ordered_json classes;
  for (int label = 0; label < trained.classes(); ++label) {
    classes[trained.card.classes[static_cast<size_t>(label)]] = result.confusion.recall(label);
  }
  print_event("eval", {{"weights", trained.weights.string()},
                       {"epoch", trained.epoch},
                       {"dataset", {{"id", set.id}, {"sha256", set.sha256}}},
                       {"split", split},
                       {"count", result.scores.count},
                       {"loss", result.scores.loss()},
                       {"acc", result.scores.accuracy()},
                       {"acc_top5", result.scores.accuracy_top5()},
                       {"class_acc", classes}});
}

int run(const CommandTree& tree, const EvalArguments& arguments) {
  require(!arguments.trained.empty(),
          "expected a run folder or a weights file\nsee: weir eval --help");
  TrainedNetwork trained = load_trained_network(arguments.trained);
  const Config config = evaluation_config(trained, arguments);
  Dataset set = open_configured_dataset(config);
  check_dataset(trained, set);
  const Dataset about{.id = set.id, .source = set.source, .sha256 = set.sha256};
  Images images = part_of(std::move(set), arguments.split, config);
  if (images.count() == 0) {
    fail(ErrorKind::kData, "{} has no {} pictures", about.source, arguments.split);
  }
  const std::unique_ptr<NormalizedImages> pictures =
      trained.card.normalizer.apply(std::move(images));
  Loader loader(*pictures, {.batch_size = config.data.batch_size});
  const Evaluation result = evaluate(*trained.network, loader, {.classes = trained.classes()});
  if (tree.globals().json) {
    print_scores_event(trained, result, arguments.split, about);
  } else {
    print_scores(trained, result, arguments.split);
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
