// The trained weights that a run begins with (finetune.weights).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "layers/sequential.h"
#include "layers/transfer.h"

namespace weir {

struct Config;
struct PreparedData;

struct StartWeights {
  std::filesystem::path file;
  std::string sha256;  // of the file
  int epoch = 0;       // after which it was saved
  Transfer transfer;
  std::vector<std::string> warnings;  // one sentence each, such as "the classes are others: .."
};

// Loads what config.finetune.weights names into `network`, which has its initial weights: layers
// are paired as layers/alignment.h says, and those without a partner stay as they are. Throws kData
// when the file is missing, is no weights file, or has another sha256 than config.finetune.sha256;
// when none of its layers fits (with those of both); and with config.finetune.strict unless all
// fit. kUsage for a pattern of finetune.skip that fits nothing.
StartWeights load_start_weights(Sequential& network, const Config& config,
                                const PreparedData& data);

// The list of what was loaded, kept and dropped, with where it came from: a line for each layer.
std::vector<std::string> describe(const StartWeights& start);

}  // namespace weir
