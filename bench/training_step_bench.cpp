// Whole training steps: forward, loss, backward, one update by SGD with Nesterov momentum.
#include <cmath>
#include <memory>
#include <vector>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/autograd/variable.h"
#include "core/functions/cross_entropy.h"
#include "layers/init.h"
#include "models/registry.h"
#include "train/optimizer/optimizer.h"

namespace weir::bench {
namespace {

class TrainingStep {
 public:
  explicit TrainingStep(const ModelOptions& options)
      : model_(build_model(options)), images_(random_images(model_.input)) {
    for (int i = 0; i < kBatch; ++i) labels_.push_back(i % model_.num_classes);
    initialize(*model_.net, {.method = options.init, .seed = 1});
    const OptimizerOptions sgd{.momentum = 0.9f, .nesterov = true, .weight_decay = 5e-4f};
    optimizer_ = make_optimizer(sgd, model_.net->parameters());
  }

  // Returns the loss.
  float run() {
    // The batch stays the same: a small rate keeps the network from learning it by heart.
    constexpr float kLearningRate = 1e-3f;
    Tape tape;
    const Variable scores = model_.net->forward(Variable(images_), {.training = true, .seed = 1});
    const Variable loss = cross_entropy(scores, labels_);
    tape.backward(loss);
    optimizer_->step(kLearningRate);
    optimizer_->zero_grad();
    return loss.value().item();
  }

 private:
  Model model_;
  Tensor images_;
  std::vector<int> labels_;
  std::unique_ptr<Optimizer> optimizer_;
};

void train(benchmark::State& state, const ModelOptions& options) {
  TrainingStep step(options);
  float loss = step.run();  // the first step also asks the operating system for memory
  for (auto _ : state) loss = step.run();
  if (!std::isfinite(loss)) state.SkipWithError("the loss is not finite");
  count_images(state, kBatch);
}

}  // namespace

void add_training_step_benchmarks() {
  for (const Network& network : networks()) {
    add_row("training_step/" + network.name,
            [options = network.options](benchmark::State& state) { train(state, options); });
  }
}

}  // namespace weir::bench
