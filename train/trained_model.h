// A trained network from its weights file alone, ready to predict.
//
//   weir::TrainedModel model = weir::load_trained_model("runs/lenet5/0001");
//   const auto probabilities = weir::predict(model, weir::fit_pictures(model, {{picture}}));
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/kernels/conv/conv_choice.h"
#include "datasets/dataset.h"
#include "datasets/image_io.h"
#include "layers/sequential.h"
#include "train/checkpoint/weights_file.h"
#include "train/config/config.h"
#include "train/metrics/evaluate.h"
#include "train/trainer/prepared_data.h"

namespace weir {

struct TrainedModel {
  ModelCard card;
  Config config;  // that it was trained with; finetune.sha256 is what that began with
  std::unique_ptr<Sequential> network;
  std::filesystem::path file;    // with the weights
  std::string sha256;            // of this file
  int epoch = 0;                 // after which the weights were saved
  kernels::ConvChoices choices;  // with train.kernels: measured, those of the run folder
};

// `path` is a weights file, or a run folder: then its weights/best.safetensors. Throws kData when
// there is none, or when the file is damaged, was not written by Weir, or does not fit its own
// configuration. A weights file away from its run folder goes without measured kernels.
TrainedModel load_trained_model(const std::filesystem::path& path);

// Pictures of any size as the network takes them: resized with config.data.resize. Labels are 0.
// Throws kUsage when the network was not trained on RGB.
Images fit_pictures(const TrainedModel& model, std::span<const Picture> pictures);

// The probability of each class, one row for each picture. Throws kData for pictures of another
// size than the network's.
std::vector<std::vector<float>> predict(TrainedModel& model, Images images);

// The training pictures of a data set, split as in training and normalised by the network's own
// normaliser; nothing else. Throws kData when the classes or the size of pictures differ.
PreparedData training_data(const TrainedModel& model, Dataset dataset);

// The train, val or test pictures of a data set, split as in training. Throws kUsage for another
// word, kData when there are no such pictures or the classes differ.
Images pictures_of_split(const TrainedModel& model, Dataset dataset, const std::string& split);

// Scores, and a prediction for each picture in their order.
Evaluation evaluate_pictures(TrainedModel& model, Images pictures);

// Both in one: scores on a part of a data set.
Evaluation evaluate_split(TrainedModel& model, Dataset dataset, const std::string& split);

}  // namespace weir
