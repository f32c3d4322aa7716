// weir eval: how good a trained network is on a part of a dataset.
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/trained_run.h"
#include "core/base/error.h"
#include "train/metrics/shift_consistency.h"
#include "train/trained_model.h"

namespace weir {
namespace {

struct EvalArguments {
  std::string trained;
  std::vector<std::string> overrides;
  std::string split = "test";
  int shift = 0;  // pixels; 0: not asked for
};

struct EvalResult {
  Evaluation evaluation;
  std::optional<double> shift_consistency;
};

// The set without its pictures, for messages.
struct DatasetName {
  std::string id, sha256;
};

EvalResult evaluate(TrainedModel& model, Dataset dataset, const EvalArguments& arguments) {
  Images pictures = pictures_of_split(model, std::move(dataset), arguments.split);
  Images moved;
  if (arguments.shift > 0) moved = moved_pictures(pictures, arguments.shift);
  EvalResult result{.evaluation = evaluate_pictures(model, std::move(pictures)),
                    .shift_consistency = {}};
  if (arguments.shift > 0) {
    result.shift_consistency = same_class_share(
        result.evaluation.predictions, evaluate_pictures(model, std::move(moved)).predictions);
  }
  return result;
}

void print_scores(const TrainedModel& model, const EvalResult& found,
                  const EvalArguments& arguments) {
  const Evaluation& result = found.evaluation;
  const Scores& scores = result.scores;
  print_text(fmt::format("{}  epoch {}\n{} {} pictures  loss {:.4f}  acc {:.2f}  top-5 {:.2f}\n\n",
                         arguments.trained, model.epoch, scores.count, arguments.split,
                         scores.loss(), 100 * scores.accuracy(), 100 * scores.accuracy_top5()));
  print_text(fmt::format("{:<20}{:>8}\n", "class", "acc"));
  for (int label = 0; label < result.confusion.classes(); ++label) {
    print_text(fmt::format("{:<20}{:>8.2f}\n", model.card.classes[static_cast<size_t>(label)],
                           100 * result.confusion.recall(label)));
  }
  if (found.shift_consistency) {
    print_text(
        fmt::format("\nThe class stays the same for {:.2f}% of the pictures when they move by "
                    "up to {} pixels.\n",
                    100 * *found.shift_consistency, arguments.shift));
  }
}

void print_scores_event(const TrainedModel& model, const EvalResult& found,
                        const EvalArguments& arguments, const DatasetName& set) {
  const Evaluation& result = found.evaluation;
  nlohmann::ordered_json classes;
  for (int label = 0; label < result.confusion.classes(); ++label) {
    classes[model.card.classes[static_cast<size_t>(label)]] = result.confusion.recall(label);
  }
  nlohmann::ordered_json fields{{"trained", arguments.trained},
                                {"epoch", model.epoch},
                                {"dataset", {{"id", set.id}, {"sha256", set.sha256}}},
                                {"split", arguments.split},
                                {"count", result.scores.count},
                                {"loss", result.scores.loss()},
                                {"acc", result.scores.accuracy()},
                                {"acc_top5", result.scores.accuracy_top5()},
                                {"class_acc", classes}};
  if (found.shift_consistency) {
    fields["shift_pixels"] = arguments.shift;
    fields["shift_consistency"] = *found.shift_consistency;
  }
  print_event("eval", fields);
}

int run(const CommandTree& tree, const EvalArguments& arguments) {
  require(!arguments.trained.empty(),
          "expected a run folder or a weights file\nsee: weir eval --help");
  TrainedModel model = load_trained_run(arguments.trained);
  Dataset dataset = open_run_dataset(model, arguments.trained, arguments.overrides, "evaluated");
  const DatasetName set{dataset.id, dataset.sha256};
  const EvalResult result = evaluate(model, std::move(dataset), arguments);
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
  Command* command = tree.add(tree.root(), "eval", "How good a trained network is",
                              [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command->add_option("overrides", arguments->overrides, "Keys of `data:`, as data.root=pictures")
      ->type_name("KEY=VALUE");
  command->add_choice("--split", arguments->split, {"test", "val", "train"}, "Which pictures");
  command
      ->add_option("--shift", arguments->shift,
                   "Also how often the class stays when pictures move by up to so many pixels")
      ->range(1, 1024)
      ->type_name("N");
  tree.add_json(*command);
}

}  // namespace weir
