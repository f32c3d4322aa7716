#include "train/bench/bench.h"

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/runtime/cpu.h"
#include "core/runtime/memory.h"
#include "core/runtime/parallel.h"
#include "core/runtime/precision.h"
#include "layers/freeze.h"
#include "train/bench/synthetic_pictures.h"
#include "train/config/settled.h"
#include "train/measured_kernels.h"
#include "train/trainer/network.h"
#include "train/trainer/session.h"

namespace weir {
namespace {

constexpr double kMegabyte = 1e6;

// config: settled.
DType image_type(const Config& config) {
  return storage_of(parse_precision(config.train.precision));
}

// What is measured does not depend on the weights that training would begin with.
Config with_steady_rate(Config config) {
  config.optimizer.lr = 1e-6;
  config.scheduler = {};
  config.finetune = {.freeze = config.finetune.freeze,
                     .freeze_epochs = config.finetune.freeze_epochs,
                     .freeze_norm = config.finetune.freeze_norm};
  return config;
}

// Without what belongs to real pictures.
Config for_one_batch(Config config) {
  const int batch_size = config.data.batch_size, image_size = config.data.image_size;
  config.data = {
      .name = config.data.name, .val_split = 0, .batch_size = batch_size, .image_size = image_size};
  return config;
}

std::unique_ptr<Session> open_session(Config config, const BenchOptions& options) {
  config = with_steady_rate(std::move(config));
  if (options.real_data) {
    return std::make_unique<Session>(config, open_configured_dataset(config));
  }
  config = for_one_batch(std::move(config));
  return std::make_unique<Session>(config, make_synthetic_pictures(config));
}

std::unique_ptr<BatchSource> open_batches(Loader& loader, const BenchOptions& options) {
  if (options.real_data) return std::make_unique<LoadedBatches>(loader);
  return std::make_unique<SameBatch>(loader);
}

// Two operations for each multiply-add: forward, for the gradient of weights that are trained, and
// for that of the input where something below is trained.
double flop_per_picture(const Sequential& network, FeatureShape shape) {
  double flop = 0;
  bool trains_below = false;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    const double forward = 2.0 * static_cast<double>(leaf.layer->macs(shape));
    const bool trains = is_trainable(*leaf.layer);
    flop += forward * (1 + (trains ? 1 : 0) + (trains_below ? 1 : 0));
    trains_below = trains_below || trains;
    shape = leaf.layer->output_shape(shape);
  }
  return flop;
}

}  // namespace

BenchReport run_bench(Config config, const BenchOptions& options) {
  require(options.seconds > 0, "expected a positive number of seconds, found {}", options.seconds);
  const FlushDenormals flush;
  set_threads(config.train.threads.value_or(0));
  const kernels::ConvChoices choices = kernel_choices(config);
  const kernels::UseConvChoices use_choices(choices);
  const auto session = open_session(std::move(config), options);
  const auto batches = open_batches(*session->train_loader, options);
  TrainingStep step(session->state, session->config, session->schedule, session->memory);
  const PreparedData& data = session->data;
  const FeatureShape input{.c = data.channels, .h = data.height, .w = data.width};
  BenchReport report{.info = session->info,
                     .rate = measure_steps(step, *batches, options.seconds),
                     .flop_per_picture = flop_per_picture(*session->state.network, input),
                     .tensor_peak_mb = static_cast<double>(memory_stats().peak) / kMegabyte,
                     .peak_rss_mb = static_cast<double>(peak_resident_bytes()) / kMegabyte};
  // Behind what is above, where its memory does not count.
  report.ceilings = measure_ceilings(image_type(session->config));
  if (options.layers) {
    report.profile =
        profile_steps(step, *session->state.network, input, *batches, options.seconds / 2);
  }
  return report;
}

TuneReport run_tune(const Config& asked) {
  check_measured_kernels();  // before minutes of measuring
  const Config config = settled(asked);
  const FlushDenormals flush;
  set_threads(config.train.threads.value_or(0));
  const FeatureShape picture = configured_picture(config);
  const auto network =
      build_network(config, picture.c, picture.h, picture.w, config.model.num_classes);
  TuneReport report = tune_convolutions(
      *network,
      {.input = picture, .batch_size = config.data.batch_size, .type = image_type(config)});
  store_measured_kernels(report.choices);
  return report;
}

}  // namespace weir
