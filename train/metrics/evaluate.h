// How good a network is on a set of pictures.
#pragma once

#include <vector>

#include "core/runtime/step_memory.h"
#include "datasets/loader.h"
#include "layers/layer.h"
#include "train/metrics/confusion.h"
#include "train/metrics/scores.h"

namespace weir {

struct Prediction {
  int index = 0;  // of the picture in its set
  int label = 0;
  std::vector<float> probabilities;  // one for each class
};

struct Evaluation {
  Scores scores;
  ConfusionMatrix confusion;
  std::vector<Prediction> predictions;  // in the order of the set, when they were asked for
};

struct EvaluateOptions {
  int classes = 10;
  bool keep_predictions = false;
  int most_batches = 0;          // 0: all
  StepMemory* memory = nullptr;  // for the steps; null: one that ends with the evaluation
};

// Runs the network in evaluation mode (running statistics, no dropout, nothing recorded) over one
// epoch of the loader, which must neither shuffle nor augment. The loss is the plain cross-entropy,
// without label smoothing. The result does not depend on the number of threads.
Evaluation evaluate(Layer& network, Loader& loader, const EvaluateOptions& options);

}  // namespace weir
