// A trained network in one file that predicts by itself: PyTorch's state_dict as safetensors, and
// in its metadata the configuration, the classes and how pictures are normalised.
//
//   weir_format    "1"
//   config         the resolved configuration, YAML
//   classes        JSON list
//   dataset        JSON {"id", "sha256", "source"}
//   input          JSON [channels, height, width]
//   normalization  JSON {"settings": {..}, "tensors": {"mean": [..], ..}}
//   epoch          the epoch after which the weights were saved
//
// So that torch's load_state_dict takes the file as it is, the normaliser's small tensors are in
// the metadata; a whitening matrix is the tensor "normalizer.zca", to be left out there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "datasets/normalize.h"

namespace weir {

// Everything but the weights.
struct ModelCard {
  std::string config;  // YAML
  std::vector<std::string> classes;
  std::string dataset_id, dataset_sha256, dataset_source;
  int channels = 3, height = 32, width = 32;
  Normalizer normalizer;
};

SafeTensors weights_content(const ModelCard& card, const std::vector<NamedTensor>& network,
                            int epoch);

struct LoadedWeights {
  ModelCard card;
  std::vector<NamedTensor> network;
  int epoch = 0;
  std::string sha256;  // of the file
};
// Throws kData when the file is damaged or was not written by Weir.
LoadedWeights read_weights(const std::filesystem::path& path);

}  // namespace weir
