#include "apps/trained_run.h"

#include <algorithm>
#include <filesystem>
#include <span>

#include "apps/config_arguments.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "datasets/split.h"
#include "train/config/load.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// "0001, 0002", at most a few.
std::string content_of(const fs::path& folder) {
  constexpr size_t kMost = 6;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) return "nothing";
  if (names.size() <= kMost) return join(names);
  return join(std::span(names).first(kMost)) + ", ..";
}

[[noreturn]] void fail_without_weights(const fs::path& run) {
  const fs::path last = run / "weights" / "last.safetensors";
  fail(ErrorKind::kData, "{} has no weights/best.safetensors; {}", run.string(),
       fs::is_regular_file(last)
           ? "its other weights: " + last.string()
           : "expected the folder of a run that finished an epoch, such as runs/lenet5/0001; it "
             "holds " +
                 content_of(run));
}

}  // namespace

TrainedModel load_trained_run(const std::string& path) {
  require_exists(path);
  const bool is_empty_run =
      fs::is_directory(path) && !fs::is_regular_file(fs::path(path) / "weights/best.safetensors");
  if (is_empty_run) fail_without_weights(path);
  return load_trained_model(path);
}

Dataset open_run_dataset(const TrainedModel& model, const std::string& path,
                         const std::vector<std::string>& overrides, const std::string& doing) {
  std::vector<Override> all;
  for (const std::string& word : overrides) {
    require(word.starts_with("data."),
            "expected a key of `data:`, found '{}'; the trained network fixes the others", word);
    all.push_back({word, ""});
  }
  Dataset dataset = open_configured_dataset(load_config_text(model.card.config, path, all).config);
  if (dataset.sha256 != model.card.dataset_sha256) {
    log_warning("trained on {}, {} on other pictures: {} ({})", model.card.dataset_id, doing,
                dataset.id, dataset.source);
  }
  return dataset;
}

ChosenPictures choose_pictures(const TrainedModel& model, Dataset dataset, const std::string& split,
                               int limit) {
  ChosenPictures chosen{.indices = {},
                        .images = pictures_of_split(model, std::move(dataset), split)};
  const int classes = static_cast<int>(model.card.classes.size());
  chosen.indices = stratified_limit(chosen.images.labels, classes, limit);
  keep_only(chosen.images, chosen.indices);
  return chosen;
}

fs::path output_folder(const std::string& out, const std::string& trained,
                       const std::string& name) {
  if (!out.empty()) return out;
  require(fs::is_directory(trained),
          "expected --out DIR for the files: {} is a weights file, not a run folder", trained);
  return fs::path(trained) / name;
}

}  // namespace weir
