// weir predict: what a trained network sees in pictures.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/picture_arguments.h"
#include "apps/trained_run.h"
#include "core/base/error.h"
#include "explain/methods/gap_head.h"
#include "explain/report/explanation_files.h"
#include "train/metrics/scores.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

struct PredictArguments {
  std::string trained;
  std::vector<std::string> pictures;
  std::string cam;  // a folder; "": not asked for
  int top = 3;
};

void print_prediction(const CommandTree& tree, const TrainedModel& model, const SeenPicture& seen,
                      int top) {
  const std::vector<float>& shares = seen.probabilities;
  const std::vector<int> best = top_classes(shares, std::min(top, static_cast<int>(shares.size())));
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  std::string line = seen.name;
  for (const int label : best) {
    const auto i = static_cast<size_t>(label);
    classes.push_back({{"class", model.card.classes[i]}, {"probability", shares[i]}});
    line += fmt::format("  {} {:.1f}%", model.card.classes[i], 100 * shares[i]);
  }
  if (tree.globals().json) {
    print_event("prediction", {{"file", seen.name}, {"top", classes}});
  } else {
    print_text(line + "\n");
  }
}

// Before anything is predicted: not every network has class activation maps.
void require_cam(const TrainedModel& model) {
  const ModelCard& card = model.card;
  find_gap_head(
      placed_layers(*model.network, {.c = card.channels, .h = card.height, .w = card.width}));
}

int run(const CommandTree& tree, const PredictArguments& arguments) {
  require(!arguments.trained.empty() && !arguments.pictures.empty(),
          "expected a run folder or weights file, then pictures or folders of pictures\n"
          "see: weir predict --help");
  require(arguments.top >= 1, "--topk: expected at least 1, found {}", arguments.top);
  TrainedModel model = load_trained_run(arguments.trained);
  if (!arguments.cam.empty()) require_cam(model);
  const std::vector<fs::path> files = picture_files(arguments.pictures);
  size_t unreadable = 0;
  std::vector<SeenPicture> kept;
  for (const fs::path& file : files) {
    const std::optional<Picture> picture = read_or_warn(file);
    unreadable += !picture;
    if (!picture) continue;
    std::vector<SeenPicture> seen{see_picture(model, file.string(), *picture)};
    look_at(model, seen);
    print_prediction(tree, model, seen.front(), arguments.top);
    if (!arguments.cam.empty()) kept.push_back(std::move(seen.front()));
  }
  if (!kept.empty()) {
    write_explanations(arguments.cam, explain_pictures(model, kept, {}, {.method = "cam"}),
                       {.method = "cam", .classes = model.card.classes});
  }
  require_all_readable(unreadable, files.size());
  return 0;
}

}  // namespace

void add_predict_command(CommandTree& tree) {
  auto arguments = std::make_shared<PredictArguments>();
  Command* command = tree.add(tree.root(), "predict", "What a trained network sees in pictures",
                              [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command->add_option("pictures", arguments->pictures, "PNG, JPEG, BMP or PNM files, or folders")
      ->type_name("IMAGE|DIR");
  command->add_option("--topk", arguments->top, "Classes to name for each picture")->type_name("K");
  command
      ->add_option("--cam", arguments->cam,
                   "Also write class activation maps of the predicted classes there")
      ->type_name("DIR");
  tree.add_json(*command);
}

}  // namespace weir
