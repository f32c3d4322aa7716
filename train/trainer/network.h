// The network of a configuration, with its initial weights.
#pragma once

#include <memory>

#include "layers/sequential.h"
#include "train/config/config.h"
#include "train/trainer/prepared_data.h"

namespace weir {

// Builds the model of a settled configuration for pictures of this size and so many classes, to
// compute in train.precision; the weights are zero.
std::unique_ptr<Sequential> build_network(const Config& config, int channels, int height, int width,
                                          int classes);

// Sets the initial weights as model.init says. LSUV looks at the first training batch.
void initialize_network(Sequential& network, const Config& config, const PreparedData& data);

}  // namespace weir
