// weir predict: what a trained network sees in pictures.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "datasets/image_io.h"
#include "train/metrics/scores.h"
#include "train/trained_model.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

struct PredictArguments {
  std::string trained;
  std::vector<std::string> pictures;
  int top = 3;
};

// The named files, and the pictures directly in the named folders, by name.
std::vector<fs::path> picture_files(const std::vector<std::string>& names) {
  std::vector<fs::path> files;
  for (const std::string& name : names) {
    require_exists(name);
    if (!fs::is_directory(name)) {
      files.emplace_back(name);
      continue;
    }
    const size_t before = files.size();
    for (const auto& entry : fs::directory_iterator(name)) {
      if (has_picture_extension(entry.path())) files.push_back(entry.path());
    }
    if (files.size() == before) fail(ErrorKind::kData, "{} holds no pictures", name);
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
}

void print_prediction(const CommandTree& tree, const TrainedModel& model, const fs::path& file,
                      const std::vector<float>& shares, int top) {
  const std::vector<int> best = top_classes(shares, std::min(top, static_cast<int>(shares.size())));
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  std::string line = file.string();
  for (const int label : best) {
    const auto i = static_cast<size_t>(label);
    classes.push_back({{"class", model.card.classes[i]}, {"probability", shares[i]}});
    line += fmt::format("  {} {:.1f}%", model.card.classes[i], 100 * shares[i]);
  }
  if (tree.globals().json) {
    print_event("prediction", {{"file", file.string()}, {"top", classes}});
  } else {
    print_text(line + "\n");
  }
}

int run(const CommandTree& tree, const PredictArguments& arguments) {
  require(!arguments.trained.empty() && !arguments.pictures.empty(),
          "expected a run folder or weights file, then pictures or folders of pictures\n"
          "see: weir predict --help");
  require(arguments.top >= 1, "--topk: expected at least 1, found {}", arguments.top);
  require_exists(arguments.trained);
  TrainedModel model = load_trained_model(arguments.trained);
  const std::vector<fs::path> files = picture_files(arguments.pictures);
  size_t unreadable = 0;
  for (const fs::path& file : files) {
    try {
      const Picture picture = read_picture(file);
      const auto shares = predict(model, fit_pictures(model, {&picture, 1}));
      print_prediction(tree, model, file, shares.front(), arguments.top);
    } catch (const Error& error) {  // one bad picture does not stop the others
      if (error.kind() != ErrorKind::kData) throw;
      log_warning("{}", error.what());
      ++unreadable;
    }
  }
  if (unreadable > 0) {
    fail(ErrorKind::kData, "{} of {} pictures could not be read", unreadable, files.size());
  }
  return 0;
}

}  // namespace

void add_predict_command(CommandTree& tree) {
  auto arguments = std::make_shared<PredictArguments>();
  CLI::App* command = tree.add(tree.root(), "predict", "What a trained network sees in pictures",
                               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command->add_option("pictures", arguments->pictures, "PNG, JPEG, BMP or PNM files, or folders")
      ->type_name("IMAGE|DIR");
  command->add_option("--topk", arguments->top, "Classes to name for each picture")->type_name("K");
  tree.add_json(*command);
}

}  // namespace weir
