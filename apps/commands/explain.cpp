// weir explain: where in a picture a trained network sees what it says.
#include "explain/explain.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/explain_arguments.h"
#include "apps/explain_report.h"
#include "apps/picture_arguments.h"
#include "apps/trained_run.h"
#include "core/base/error.h"
#include "datasets/image_planes.h"
#include "explain/report/explanation_files.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct ExplainArguments {
  std::string trained, label, split, out;
  std::vector<std::string> words;  // pictures, and KEY=VALUE for the data set
  MethodArguments method;
  int top = 0, limit = 0;  // 0: not said
  bool failures_first = false;
};

constexpr int kUsualLimit = 20;

struct FoundPictures {
  std::vector<SeenPicture> seen;
  size_t unreadable = 0, files = 0;
};

FoundPictures pictures_of_files(const TrainedModel& model, const std::vector<std::string>& names) {
  FoundPictures found;
  for (const fs::path& file : picture_files(names)) {
    ++found.files;
    const std::optional<Picture> picture = read_or_warn(file);
    if (!picture) {
      ++found.unreadable;
      continue;
    }
    found.seen.push_back(see_picture(model, file.string(), *picture));
  }
  return found;
}

FoundPictures pictures_of_data_set(const TrainedModel& model, const ExplainArguments& arguments) {
  const int limit = arguments.limit > 0 ? arguments.limit : kUsualLimit;
  const ChosenPictures chosen = choose_pictures(
      model, open_run_dataset(model, arguments.trained, arguments.words, "explained"),
      arguments.split, arguments.failures_first ? std::numeric_limits<int>::max() : limit);
  FoundPictures found;
  for (int i = 0; i < chosen.images.count(); ++i) {
    const auto at = static_cast<size_t>(i);
    found.seen.push_back(see_picture(model,
                                     fmt::format("{} {}", arguments.split, chosen.indices[at]),
                                     picture_of(chosen.images, i), chosen.images.labels[at]));
  }
  return found;
}

FoundPictures find_pictures(const TrainedModel& model, const ExplainArguments& arguments) {
  if (!arguments.split.empty()) return pictures_of_data_set(model, arguments);
  require(!arguments.words.empty(),
          "expected pictures or folders of pictures, or --split test\nsee: weir explain --help");
  return pictures_of_files(model, arguments.words);
}

ClassChoice class_choice(const ExplainArguments& arguments, const TrainedModel& model) {
  if (arguments.top > 0) return {.kind = ClassChoice::Kind::kTop, .value = arguments.top};
  return arguments.label.empty() ? ClassChoice{}
                                 : parse_class_choice(arguments.label, model.card.classes);
}

void print_result(const CommandTree& tree, const std::vector<ExplainedPicture>& explained,
                  const ExplanationNames& names, const WrittenExplanations& files,
                  const fs::path& folder) {
  if (!tree.globals().json) {
    print_text(explanations_table(explained, names));
    print_text(fmt::format("\nfiles   {}\n", folder.string()));
    return;
  }
  for (size_t i = 0; i < explained.size(); ++i) {
    print_event("explanation", explanation_json(explained[i], names, files.each[i]));
  }
  print_event("explain", {{"method", names.method},
                          {"count", explained.size()},
                          {"folder", folder.string()},
                          {"sheets", files.sheets},
                          {"table", files.table}});
}

int run(const CommandTree& tree, const ExplainArguments& arguments) {
  require(!arguments.trained.empty(),
          "expected a run folder or a weights file, then pictures\nsee: weir explain --help");
  TrainedModel model = load_trained_run(arguments.trained);
  const ExplainOptions options = explain_options(arguments.method);
  const fs::path folder = output_folder(arguments.out, arguments.trained, "explain");
  const ClassChoice choice = class_choice(arguments, model);
  FoundPictures found = find_pictures(model, arguments);
  if (found.seen.empty()) require_all_readable(found.unreadable, found.files);
  look_at(model, found.seen);
  if (arguments.failures_first) {
    put_failures_first(found.seen);
    const size_t limit = arguments.limit > 0 ? arguments.limit : kUsualLimit;
    found.seen.resize(std::min(limit, found.seen.size()));
  }
  const ExplanationNames names{options.method, model.card.classes};
  const std::vector<ExplainedPicture> explained =
      explain_pictures(model, found.seen, choice, options);
  const WrittenExplanations files = write_explanations(folder, explained, names);
  print_result(tree, explained, names, files, folder);
  require_all_readable(found.unreadable, found.files);
  return 0;
}

}  // namespace

void add_explain_command(CommandTree& tree) {
  auto arguments = std::make_shared<ExplainArguments>();
  Command* command =
      tree.add(tree.root(), "explain", "Where in a picture a trained network sees what it says",
               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command
      ->add_option("pictures", arguments->words,
                   "PNG, JPEG, BMP or PNM files, or folders; with --split: keys of `data:`")
      ->type_name("IMAGE|DIR");
  add_method_options(*command, arguments->method);
  Option* label = command
                      ->add_option("--class", arguments->label,
                                   "Why this class: a name or number, predicted (default) or true")
                      ->type_name("CLASS");
  command->add_option("--top", arguments->top, "Why each of the K most probable classes")
      ->range(1, 1000)
      ->excludes({label})
      ->type_name("K");
  Option* split =
      command->add_choice("--split", arguments->split, {"test", "val", "train"},
                          "Pictures of the run's own data set, whose classes are known");
  command->add_option("--limit", arguments->limit, "At most so many of them (default 20)")
      ->range(1, 1'000'000)
      ->needs(split)
      ->type_name("N");
  command
      ->add_flag("--failures-first", arguments->failures_first,
                 "Those that the network takes for another class, the surest ones in front")
      ->needs(split);
  command->add_option("--out", arguments->out, "Where files go; RUN/explain by default")
      ->type_name("DIR");
  tree.add_json(*command);
}

}  // namespace weir
