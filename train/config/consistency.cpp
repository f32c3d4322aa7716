#include "train/config/consistency.h"

#include <algorithm>

namespace weir {
namespace {

class Checker {
 public:
  Checker(const std::map<std::string, Place>& places, ProblemList& problems)
      : places_(places), problems_(problems) {}

  template <class... Args>
  void expect(bool holds, const std::string& key, fmt::format_string<Args...> format,
              Args&&... args) {
    if (holds) return;
    const auto at = places_.find(key);
    const Place place = at == places_.end() ? Place{"configuration"} : at->second;
    problems_.add(place, "{}: {}", key, fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  const std::map<std::string, Place>& places_;
  ProblemList& problems_;
};

void check_data(const DataConfig& data, Checker& check) {
  check.expect(data.augment.crop_padding == 0 || data.augment.translate == 0, "data.augment",
               "crop and translate both move the picture; keep one of them");
  check.expect(data.name != "image_folder" || data.root.has_value(), "data.root",
               "image_folder needs the folder that holds one folder for each class");
}

void check_model(const ModelOptions& model, Checker& check) {
  if (model.name == "layers") {
    check.expect(!model.layers.empty(), "model.layers",
                 "model.name is layers, so list them, as in [{{conv2d: {{out_channels: 32, "
                 "kernel_size: 3}}}}, relu]");
  } else {
    check.expect(model.tail.empty(), "model.head",
                 "a list of layers needs model.name layers; {} takes gap, gmp or dense",
                 model.name);
  }
}

void check_schedule(const Config& config, Checker& check) {
  const SchedulerConfig& scheduler = config.scheduler;
  const std::vector<int>& milestones = scheduler.milestones;
  check.expect(scheduler.name != "multistep" || !milestones.empty(), "scheduler.milestones",
               "multistep needs at least one epoch");
  check.expect(std::adjacent_find(milestones.begin(), milestones.end(), std::greater_equal<>()) ==
                   milestones.end(),
               "scheduler.milestones", "expected epochs that rise");
  check.expect(scheduler.min_lr <= config.optimizer.lr, "scheduler.min_lr",
               "is above optimizer.lr, {}", config.optimizer.lr);
  check.expect(scheduler.warmup_epochs <= config.train.epochs, "scheduler.warmup_epochs",
               "is longer than the training, {} epochs", config.train.epochs);
  check.expect(scheduler.base_momentum <= scheduler.max_momentum, "scheduler.base_momentum",
               "is above scheduler.max_momentum, {}", scheduler.max_momentum);
}

// What is never measured cannot be expected.
void check_expected(const Config& config, Checker& check) {
  constexpr const char* kNeeds = "needs the test pictures, and train.test is false";
  check.expect(config.train.test || !config.expect.test_acc, "expect.test_acc", kNeeds);
  check.expect(config.train.test || !config.expect.test_loss, "expect.test_loss", kNeeds);
}

bool is_sha256(const std::string& text) {
  constexpr size_t kDigits = 64;
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// finetune.sha256 may stand alone: weights files tell with it what they came from.
void check_finetune(const FinetuneConfig& finetune, Checker& check) {
  const bool loads = finetune.weights.has_value(), freezes = !finetune.freeze.empty();
  constexpr const char* kNothingLoaded = "nothing is loaded; it needs finetune.weights";
  constexpr const char* kNothingFrozen = "nothing is frozen; it needs finetune.freeze";
  check.expect(!finetune.sha256 || is_sha256(*finetune.sha256), "finetune.sha256",
               "expected 64 digits 0-9a-f");
  check.expect(loads || !finetune.strict, "finetune.strict", kNothingLoaded);
  check.expect(loads || finetune.skip.empty(), "finetune.skip", kNothingLoaded);
  check.expect(
      !finetune.strict || finetune.skip.empty(), "finetune.skip",
      "leaves layers out, but finetune.strict wants every tensor loaded; keep one of them");
  check.expect(freezes || !finetune.freeze_epochs, "finetune.freeze_epochs", kNothingFrozen);
  check.expect(freezes || finetune.freeze_norm, "finetune.freeze_norm", kNothingFrozen);
}

}  // namespace

bool is_folder_name(const std::string& name) {
  const bool has_only_safe = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '_' || c == '-';
  });
  return has_only_safe && !name.empty() && name[0] != '.' && name[0] != '-';
}

void check_consistency(const Config& config, const std::map<std::string, Place>& places,
                       ProblemList& problems) {
  Checker check(places, problems);
  check.expect(is_folder_name(config.name), "name",
               "'{}' names a folder: use letters, digits, '-', '_' and '.', and begin with a "
               "letter or digit",
               config.name);
  check_data(config.data, check);
  check_model(config.model, check);
  check_schedule(config, check);
  check_expected(config, check);
  check_finetune(config.finetune, check);
  check.expect(!config.optimizer.nesterov || config.optimizer.momentum > 0, "optimizer.nesterov",
               "needs optimizer.momentum above 0");
}

}  // namespace weir
