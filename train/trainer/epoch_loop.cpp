#include "train/trainer/epoch_loop.h"

#include "core/base/stopwatch.h"
#include "train/trainer/training_step.h"

namespace weir {
namespace {

class EpochLoop {
 public:
  EpochLoop(TrainingState& state, const EpochSetup& setup)
      : state_(state),
        setup_(setup),
        step_(state, setup.config, setup.schedule, setup.memory),
        wait_before_(setup.loader.wait_seconds()),
        train_seconds_before_(state.progress.train_seconds),
        data_wait_before_(state.progress.data_wait_s) {}

  bool run() {
    Progress& progress = state_.progress;
    setup_.loader.start_epoch(progress.epoch, progress.batch);
    Batch batch;
    while (!reached_limit()) {
      if (stopped()) return false;
      if (!setup_.loader.next(batch)) break;
      step(batch);
    }
    return true;
  }

 private:
  bool stopped() const { return setup_.stop != nullptr && setup_.stop->load(); }
  bool reached_limit() const {
    return setup_.most_batches > 0 && state_.progress.batch >= setup_.most_batches;
  }

  void step(const Batch& batch) {
    const StepState now = step_.run(batch);
    pictures_ += static_cast<int64_t>(batch.labels.size());
    measure_time();
    report(now);
  }

  void measure_time() {
    Progress& progress = state_.progress;
    here_ = watch_.seconds();
    progress.train_seconds = train_seconds_before_ + here_;
    progress.data_wait_s = data_wait_before_ + setup_.loader.wait_seconds() - wait_before_;
  }

  void report(const StepState& now) {
    const Progress& progress = state_.progress;
    const double waited = setup_.loader.wait_seconds() - wait_before_;
    const StepReport report{.epoch = now.epoch,
                            .batch = progress.batch,
                            .batches = setup_.loader.batches(),
                            .step = progress.step,
                            .loss = now.loss,
                            .running_loss = progress.running.loss(),
                            .running_acc = progress.running.accuracy(),
                            .lr = now.lr,
                            .grad_norm = now.grad_norm,
                            .img_per_s = static_cast<double>(pictures_) / here_,
                            .data_wait_share = waited / here_};
    if (setup_.steps != nullptr) setup_.steps->add(report);
    setup_.observer.on_step(report);
  }

  TrainingState& state_;
  const EpochSetup& setup_;
  TrainingStep step_;
  int64_t pictures_ = 0;  // of this epoch, in this process
  Stopwatch watch_;
  double here_ = 0;  // seconds, after the step before
  double wait_before_, train_seconds_before_, data_wait_before_;
};

}  // namespace

bool train_epoch(TrainingState& state, const EpochSetup& setup) {
  return EpochLoop(state, setup).run();
}

}  // namespace weir
