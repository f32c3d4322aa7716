#include "train/trainer/training_step.h"

#include "core/autograd/variable.h"
#include "core/functions/cross_entropy.h"
#include "train/finetune/freezing.h"
#include "train/optimizer/clip_grad_norm.h"

namespace weir {

TrainingStep::TrainingStep(TrainingState& state, const Config& config, const Schedule& schedule,
                           StepMemory& memory)
    : state_(state),
      config_(config),
      schedule_(schedule),
      memory_(memory),
      parameters_(state.network->parameters()) {
  freeze_for_epoch(*state.network, config.finetune, state.progress.epoch);
}

StepState TrainingStep::run(const Batch& batch, const StepObservers& observers) {
  const StepMemory::Step memory(
      memory_, {.training = true, .images = static_cast<int>(batch.labels.size())});
  Progress& progress = state_.progress;
  const StepContext context{.training = true,
                            .seed = config_.train.seed,
                            .step = static_cast<uint32_t>(progress.step),
                            .observer = observers.forward};
  const double loss = forward_and_backward(batch, context, observers.backward);
  const StepState now{.epoch = progress.epoch + 1,
                      .step = progress.step,
                      .lr = schedule_.lr(progress.step),
                      .loss = loss,
                      .grad_norm = grad_norm(parameters_)};
  if (!is_finite(now)) explain_not_finite(*state_.network, batch.images, context, now);
  update_weights(now);
  ++progress.step;
  ++progress.batch;
  progress.grad_norm_sum += now.grad_norm;
  return now;
}

double TrainingStep::forward_and_backward(const Batch& batch, const StepContext& context,
                                          TapeObserver* observer) {
  const CrossEntropyOptions options{.label_smoothing =
                                        static_cast<float>(config_.loss.label_smoothing)};
  Tape tape(observer);
  const Variable logits = state_.network->forward(Variable(batch.images), context);
  const Variable loss = cross_entropy(logits, batch.labels, options);
  tape.backward(loss);
  const double mean_loss = loss.value().item();
  state_.progress.running.add(logits.value(), batch.labels, mean_loss);
  return mean_loss;
}

void TrainingStep::update_weights(const StepState& now) {
  if (const auto& limit = config_.train.clip_grad_norm) {
    clip_grad_norm(parameters_, now.grad_norm, *limit);
  }
  if (const auto momentum = schedule_.momentum(now.step)) {
    state_.optimizer->set_momentum(static_cast<float>(*momentum));
  }
  state_.optimizer->step(static_cast<float>(now.lr));
  state_.optimizer->zero_grad();
  if (state_.ema) state_.ema->update(now.step);
}

}  // namespace weir
