#include "train/trainer/session.h"

#include "core/base/error.h"
#include "core/runtime/parallel.h"
#include "core/runtime/precision.h"
#include "layers/state.h"
#include "train/config/emit.h"
#include "train/config/settled.h"
#include "train/finetune/freezing.h"
#include "train/trainer/network.h"

namespace weir {
namespace {

std::vector<ParameterGroup> parameter_groups(const std::vector<GroupConfig>& configs) {
  std::vector<ParameterGroup> groups;
  for (const GroupConfig& config : configs) {
    groups.push_back({.match = config.match, .lr_scale = static_cast<float>(config.lr_scale)});
    if (config.weight_decay) groups.back().weight_decay = static_cast<float>(*config.weight_decay);
  }
  return groups;
}

OptimizerOptions optimizer_options(const OptimizerConfig& config) {
  return {.name = config.name,
          .lr = static_cast<float>(config.lr),
          .momentum = static_cast<float>(config.momentum),
          .nesterov = config.nesterov,
          .weight_decay = static_cast<float>(config.weight_decay),
          .decay_bias_and_norm = config.decay_bias_and_norm,
          .beta1 = static_cast<float>(config.betas.at(0)),
          .beta2 = static_cast<float>(config.betas.at(1)),
          .eps = static_cast<float>(config.eps),
          .groups = parameter_groups(config.groups)};
}

ScheduleOptions schedule_options(const SchedulerConfig& config) {
  return {.name = config.name,
          .warmup_epochs = config.warmup_epochs,
          .milestones = config.milestones,
          .gamma = config.gamma,
          .min_lr = config.min_lr,
          .pct_start = config.pct_start,
          .div_factor = config.div_factor,
          .final_div_factor = config.final_div_factor,
          .cycle_momentum = config.cycle_momentum,
          .base_momentum = config.base_momentum,
          .max_momentum = config.max_momentum};
}

// What finetune.weights stands for; none when the run begins with initial weights alone.
std::optional<StartWeights> start_weights(Sequential& network, const Config& config,
                                          const PreparedData& data) {
  if (config.finetune.weights) return load_start_weights(network, config, data);
  require(!config.finetune.sha256,
          "finetune.sha256 is that of a file to begin with; name the file in finetune.weights");
  return std::nullopt;
}

// Fills in config.finetune.sha256 where it loads something.
TrainingState initial_state(Config& config, const PreparedData& data, Beginning beginning,
                            std::optional<StartWeights>& start) {
  TrainingState state;
  state.network = build_network(config, data.channels, data.height, data.width, data.class_count());
  initialize_network(*state.network, config, data);
  if (beginning == Beginning::kNew) start = start_weights(*state.network, config, data);
  if (start) config.finetune.sha256 = start->sha256;
  freeze_for_epoch(*state.network, config.finetune, 0);
  state.optimizer =
      make_optimizer(optimizer_options(config.optimizer), state.network->parameters());
  if (config.train.ema_decay) {
    state.ema = std::make_unique<Ema>(state.network->parameters(), *config.train.ema_decay);
  }
  return state;
}

int count_of(const std::unique_ptr<NormalizedImages>& images) {
  return images == nullptr ? 0 : images->count();
}

RunInfo describe(const Session& session) {
  const Config& config = session.config;
  const PreparedData& data = session.data;
  const FeatureShape input{.c = data.channels, .h = data.height, .w = data.width};
  RunInfo info{.name = config.name,
               .dataset_id = data.id,
               .dataset_source = data.source,
               .dataset_sha256 = data.sha256,
               .classes = data.classes,
               .train_pictures = count_of(data.train),
               .val_pictures = count_of(data.validation),
               .test_pictures = count_of(data.test),
               .model = config.model.name,
               .parameters = parameter_count(*session.state.network),
               .macs = session.state.network->macs(input),
               .epochs = config.train.epochs,
               .steps_per_epoch = session.train_loader->batches(),
               .batch_size = config.data.batch_size,
               .seed = config.train.seed,
               .threads = threads(),
               .precision = config.train.precision,
               .start_weights = config.finetune.weights.value_or(""),
               .start_sha256 = config.finetune.sha256.value_or("")};
  if (info.val_pictures == 0) {
    info.notes.emplace_back(
        "no validation pictures (data.val_split): the weights of the last epoch are used");
  }
  if (info.test_pictures == 0) info.notes.emplace_back("no test pictures: nothing is tested");
  if (!config.train.test) info.notes.emplace_back("train.test is false: nothing is tested");
  if (session.start) {
    info.start = session.start;
    const std::vector<std::string>& warnings = session.start->warnings;
    info.notes.insert(info.notes.end(), warnings.begin(), warnings.end());
  }
  return info;
}

}  // namespace

Session::Session(const Config& asked, Dataset dataset, Beginning beginning)
    : config(settled(asked)),
      data(prepare_data(std::move(dataset), config)),
      state(initial_state(config, data, beginning, start)),
      train_loader(training_loader(data, config, storage_of(state.network->precision()))),
      validation_loader(evaluation_loader(data.validation.get(), config)),
      schedule(schedule_options(config.scheduler), config.optimizer.lr, train_loader->batches(),
               config.train.epochs),
      info(describe(*this)) {
  if (asked.train.precision == "auto") info.precision_reason = automatic_precision(asked).reason;
}

ModelCard model_card(const Session& session) {
  Config config = session.config;
  config.train.test = true;
  config.train.threads.reset();
  config.train.resume.reset();
  config.finetune.weights.reset();
  config.finetune.strict = false;
  config.finetune.skip.clear();
  config.output = {};
  const PreparedData& data = session.data;
  return {.config = to_yaml(config),
          .classes = data.classes,
          .dataset_id = data.id,
          .dataset_sha256 = data.sha256,
          .dataset_source = data.source,
          .channels = data.channels,
          .height = data.height,
          .width = data.width,
          .normalizer = data.normalizer};
}

StateOrigin state_origin(const Session& session) {
  return {.config = to_yaml(session.config), .dataset_sha256 = session.data.sha256};
}

}  // namespace weir
