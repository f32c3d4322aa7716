// What a trained network does with its pooling: measured on real forward and backward passes.
//
//   TrainedModel model = load_trained_model("runs/vgg-mini/0001");
//   const Diagnosis found = diagnose(model, open_configured_dataset(model.config), 20);
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/loader.h"
#include "train/diagnose/pooling_layers.h"
#include "train/trained_model.h"

namespace weir {

struct DiagnoseOptions {
  int batches = 20;   // at most; one epoch may have fewer
  uint64_t seed = 0;  // of what layers draw in training
  float label_smoothing = 0;
};

// Where in a layer's windows the maxima lie.
struct MaximaShares {
  double ties = 0;              // of the windows: two or more cells are as large as the largest
  double zero_ties = 0;         // of those: all cells are zero
  std::vector<double> winners;  // for each tap, row-major (KH, KW); adds up to 1
};

// Shares are 0 to 1.
struct PoolDiagnosis {
  PoolingLayer where;
  double zero_gradient = 0;  // of a batch's input cells, over images; the mean over batches
  double never_reached = 0;  // of (channel, position): zero in every image of every batch
  // None where the layer takes no maximum of Layer::window(): averages, but also maxima of random
  // windows and of cells that differ in size.
  std::optional<MaximaShares> maxima;
  // Of the output, relative, when the picture moves by one pixel; the second is what is left when
  // the output is moved along (train/diagnose/shift_response.h). None for outputs of zeros.
  std::optional<double> shift_change, shift_beyond_motion;
};

struct Diagnosis {
  int batches = 0;
  int64_t pictures = 0;
  double prediction_changes = 0;  // share of pictures whose class changes when they move by a pixel
  std::vector<PoolDiagnosis> layers;
};

// Gradients are those of training steps (batch statistics, dropout, label smoothing), maxima are
// taken from the same passes; the response to the shift is that of evaluation. Nothing is changed
// in the network. `input`: one picture's shape. Throws kUsage for a network without pooling layers
// and for less than one batch.
Diagnosis diagnose(Sequential& network, const FeatureShape& input, Loader& batches,
                   const DiagnoseOptions& options);

// On the run's own training batches, shuffled and augmented as configured, with its precision, seed
// and loss. Throws kData when the pictures do not fit the network.
Diagnosis diagnose(TrainedModel& model, Dataset dataset, int batches);

}  // namespace weir
