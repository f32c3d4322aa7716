// weir predict: what a trained network sees in pictures.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "apps/trained_network.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/functions/cross_entropy.h"
#include "datasets/assemble.h"
#include "datasets/image_io.h"
#include "datasets/resize.h"
#include "train/metrics/scores.h"

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

// One picture as the network was trained on: its size, planes instead of pixels.
Images as_images(const Picture& picture, const TrainedNetwork& trained) {
  const ModelCard& card = trained.card;
  const bool has_size = picture.width == card.width && picture.height == card.height;
  const Picture sized = has_size ? picture
                                 : resize(picture, card.width, card.height,
                                          resize_method(trained.config.data.resize));
  Images images{.channels = card.channels, .height = card.height, .width = card.width};
  images.labels = {0};
  for (int c = 0; c < card.channels; ++c) {
    for (int y = 0; y < card.height; ++y) {
      for (int x = 0; x < card.width; ++x) images.pixels.push_back(sized.at(x, y, c));
    }
  }
  return images;
}

std::vector<float> probabilities(TrainedNetwork& trained, const Picture& picture) {
  const auto normalized = trained.card.normalizer.apply(as_images(picture, trained));
  const int first = 0;
  const Variable logits =
      trained.network->forward(Variable(assemble(*normalized, {&first, 1})), StepContext{});
  const Tensor result = softmax(logits.value());
  return {result.data(), result.data() + result.numel()};
}

void print_prediction(const CommandTree& tree, const TrainedNetwork& trained, const fs::path& file,
                      const std::vector<float>& shares, int top) {
  const std::vector<int> best = top_classes(shares, std::min(top, trained.classes()));
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  std::string line = file.string();
  for (const int label : best) {
    const auto i = static_cast<size_t>(label);
    classes.push_back({{"class", trained.card.classes[i]}, {"probability", shares[i]}});
    line += fmt::format("  {} {:.1f}%", trained.card.classes[i], 100 * shares[i]);
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
  TrainedNetwork trained = load_trained_network(arguments.trained);
  const std::vector<fs::path> files = picture_files(arguments.pictures);
  size_t unreadable = 0;
  for (const fs::path& file : files) {
    try {
      const Picture picture = read_picture(file);
      print_prediction(tree, trained, file, probabilities(trained, picture), arguments.top);
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
