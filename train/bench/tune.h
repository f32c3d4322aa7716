// The fastest kernel for each convolution of a network, by measurement.
#pragma once

#include <string>
#include <vector>

#include "core/kernels/conv/conv_choice.h"
#include "layers/sequential.h"

namespace weir {

struct TunedPass {
  std::string convolution;  // kernels::text_of()
  kernels::ConvPass pass;
  std::string fixed, chosen;                     // kernels, by the fixed rule and by measurement
  double fixed_seconds = 0, chosen_seconds = 0;  // medians

  double gain() const { return fixed_seconds / chosen_seconds; }
};

struct TuneReport {
  std::vector<TunedPass> passes;
  kernels::ConvChoices choices;  // of every pass
};

struct TuneOptions {
  FeatureShape input;  // of the network
  int batch_size = 128;
  DType type = DType::kF32;  // of the images
};

// Runs every kernel that accepts a convolution of the network, by turns, for each pass that
// training needs; the reference kernel only where there is no other. A kernel takes the place of
// the fixed rule's when it is clearly faster.
TuneReport tune_convolutions(Sequential& network, const TuneOptions& options);

}  // namespace weir
