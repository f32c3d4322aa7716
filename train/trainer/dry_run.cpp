#include "core/base/stopwatch.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "train/measured_kernels.h"
#include "train/metrics/evaluate.h"
#include "train/trainer.h"
#include "train/trainer/checkpoints.h"
#include "train/trainer/epoch_loop.h"
#include "train/trainer/session.h"

namespace weir {
namespace {

constexpr int kSteps = 3;  // the first plans memory, the second touches it, the third is timed

// Remembers when steps end.
class StepTimer : public TrainObserver {
 public:
  void on_step(const StepReport& report) override {
    last_seconds = watch_.restart();
    loss = report.loss;
  }
  double last_seconds = 0, loss = 0;

 private:
  Stopwatch watch_;
};

// Which epoch stands for all: one of those that thaw, if any, for they cost more and are the rest.
int usual_epoch(const Config& config) {
  const int frozen = config.finetune.freeze_epochs.value_or(0);
  return frozen < config.train.epochs ? frozen : 0;
}

double seconds_of_validation_batch(Session& session) {
  if (session.validation_loader == nullptr) return 0;
  const Stopwatch watch;
  evaluate(*session.state.network, *session.validation_loader,
           {.classes = session.data.class_count(), .most_batches = 1, .memory = &session.memory});
  return watch.seconds();
}

}  // namespace

DryRun dry_run(const Config& config, const TrainOptions& options) {
  const FlushDenormals flush;
  set_threads(config.train.threads.value_or(0));
  const kernels::ConvChoices choices = kernel_choices(config);
  const kernels::UseConvChoices use_choices(choices);
  Session session(config, options.dataset ? *options.dataset : open_configured_dataset(config));
  session.state.progress.epoch = usual_epoch(config);
  StepTimer timer;
  train_epoch(session.state, {.config = session.config,
                              .schedule = session.schedule,
                              .loader = *session.train_loader,
                              .memory = session.memory,
                              .observer = timer,
                              .most_batches = kSteps});
  const double validation_s = seconds_of_validation_batch(session);
  const int validation_batches =
      session.validation_loader == nullptr ? 0 : session.validation_loader->batches();
  constexpr double kMegabyte = 1e6;
  DryRun report{.info = session.info,
                .step_s = timer.last_seconds,
                .peak_rss_mb = static_cast<double>(peak_resident_bytes()) / kMegabyte,
                .disk_bytes = Checkpoints::space_needed(session),
                .loss = timer.loss};
  report.epoch_s =
      report.step_s * session.train_loader->batches() + validation_s * validation_batches;
  report.total_s = report.epoch_s * config.train.epochs;
  return report;
}

}  // namespace weir
