// Trains a small network on a small built-in dataset, with the installed library and without the
// command. Exit status 0 when it has learned every picture.
#include <cstdio>
#include <memory>

#include "core/functions/cross_entropy.h"
#include "datasets/loader.h"
#include "datasets/normalize.h"
#include "datasets/stripes4.h"
#include "layers/layers.h"
#include "train/metrics/evaluate.h"
#include "train/optimizer/optimizer.h"

int main() {
  using namespace weir;
  const Dataset data = make_stripes4();
  const Normalizer normalizer = Normalizer::fit(data.train, {.method = "mean_std"});
  const std::unique_ptr<NormalizedImages> train = normalizer.apply(data.train);
  const std::unique_ptr<NormalizedImages> test = normalizer.apply(data.test);

  Sequential net{Conv2d{3, 8, {.kernel_size = 3, .padding = 1}}, ReLU{}, Flatten{},
                 Linear{8 * 8 * 8, 4}};
  initialize(net, {.method = "kaiming_normal", .seed = 1});
  const auto optimizer = make_optimizer({.name = "sgd", .lr = 0.02f}, net.parameters());

  Loader batches(*train, {.batch_size = 16, .shuffle = true, .seed = 1});
  StepContext step{.training = true, .seed = 1};
  for (int epoch = 0; epoch < 10; ++epoch) {
    batches.start_epoch(epoch);
    for (Batch batch; batches.next(batch); ++step.step) {
      Tape tape;
      const Variable loss = cross_entropy(net.forward(Variable(batch.images), step), batch.labels);
      optimizer->zero_grad();
      tape.backward(loss);
      optimizer->step(0.02f);
    }
  }

  Loader test_batches(*test, {.batch_size = 32});
  const Evaluation result = evaluate(net, test_batches, {.classes = 4});
  std::printf("test accuracy %.3f\n", result.scores.accuracy());
  return result.scores.accuracy() == 1.0 ? 0 : 1;
}
