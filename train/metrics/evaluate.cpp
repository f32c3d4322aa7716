#include "train/metrics/evaluate.h"

#include "core/functions/cross_entropy.h"

namespace weir {
namespace {

void add_predictions(const Batch& batch, const Tensor& logits, bool keep, Evaluation& result) {
  const Tensor probabilities = softmax(logits);
  const auto classes = static_cast<size_t>(logits.c());
  for (size_t i = 0; i < batch.labels.size(); ++i) {
    const std::span<const float> row{probabilities.data() + i * classes, classes};
    result.confusion.add(batch.labels[i], top_classes(row, 1).front());
    if (keep) {
      result.predictions.push_back(
          {batch.indices[i], batch.labels[i], std::vector<float>(row.begin(), row.end())});
    }
  }
}

}  // namespace

Evaluation evaluate(Layer& network, Loader& loader, const EvaluateOptions& options) {
  Evaluation result{.confusion = ConfusionMatrix(options.classes)};
  const StepContext context{.training = false};
  StepMemory own;
  StepMemory& memory = options.memory ? *options.memory : own;
  Batch batch;
  int batches = 0;
  loader.start_epoch(0);
  while ((options.most_batches == 0 || batches < options.most_batches) && loader.next(batch)) {
    const StepMemory::Step step(memory, {.images = static_cast<int>(batch.labels.size())});
    const Variable logits = network.forward(Variable(batch.images), context);
    const double loss = cross_entropy(logits, batch.labels).value().item();
    result.scores.add(logits.value(), batch.labels, loss);
    add_predictions(batch, logits.value(), options.keep_predictions, result);
    ++batches;
  }
  return result;
}

}  // namespace weir
