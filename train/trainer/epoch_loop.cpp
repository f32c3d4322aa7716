#include "train/trainer/epoch_loop.h"

#include <chrono>

#include "core/autograd/variable.h"
#include "core/functions/cross_entropy.h"
#include "train/guard/finite_watch.h"
#include "train/optimizer/clip_grad_norm.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class EpochLoop {
 public:
  EpochLoop(TrainingState& state, const EpochSetup& setup)
      : state_(state),
        setup_(setup),
        parameters_(state.network->parameters()),
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
    Progress& progress = state_.progress;
    const StepContext context{.training = true,
                              .seed = setup_.config.train.seed,
                              .step = static_cast<uint32_t>(progress.step)};
    const double loss = forward_and_backward(batch, context);
    const StepState now{.epoch = progress.epoch + 1,
                        .step = progress.step,
                        .lr = setup_.schedule.lr(progress.step),
                        .loss = loss,
                        .grad_norm = grad_norm(parameters_)};
    if (!is_finite(now)) explain_not_finite(*state_.network, batch.images, context, now);
    update_weights(now);
    ++progress.step;
    ++progress.batch;
    progress.grad_norm_sum += now.grad_norm;
    pictures_ += static_cast<int64_t>(batch.labels.size());
    measure_time();
    report(now);
  }

  double forward_and_backward(const Batch& batch, const StepContext& context) {
    const CrossEntropyOptions options{.label_smoothing =
                                          static_cast<float>(setup_.config.loss.label_smoothing)};
    Tape tape;
    const Variable logits = state_.network->forward(Variable(batch.images), context);
    const Variable loss = cross_entropy(logits, batch.labels, options);
    tape.backward(loss);
    const double mean_loss = loss.value().item();
    state_.progress.running.add(logits.value(), batch.labels, mean_loss);
    return mean_loss;
  }

  void update_weights(const StepState& now) {
    if (const auto& limit = setup_.config.train.clip_grad_norm) {
      clip_grad_norm(parameters_, now.grad_norm, *limit);
    }
    if (const auto momentum = setup_.schedule.momentum(now.step)) {
      state_.optimizer->set_momentum(static_cast<float>(*momentum));
    }
    state_.optimizer->step(static_cast<float>(now.lr));
    state_.optimizer->zero_grad();
    if (state_.ema) state_.ema->update(now.step);
  }

  void measure_time() {
    Progress& progress = state_.progress;
    here_ = seconds_since(start_);
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
  std::vector<NamedParameter> parameters_;
  int64_t pictures_ = 0;  // of this epoch, in this process
  Clock::time_point start_ = Clock::now();
  double here_ = 0;  // seconds since start_
  double wait_before_, train_seconds_before_, data_wait_before_;
};

}  // namespace

bool train_epoch(TrainingState& state, const EpochSetup& setup) {
  return EpochLoop(state, setup).run();
}

}  // namespace weir
