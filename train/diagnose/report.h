// A diagnosis as files.
#pragma once

#include <string>

#include "datasets/image_io.h"
#include "train/diagnose/diagnose.h"

namespace weir {

// A row for each layer; shares are 0 to 1, and fields that a layer has no answer to are empty:
//   layer, kind, kernel (KHxKW), stride (SHxSW), input and output (CxHxW), zero_gradient,
//   never_reached, ties, zero_ties, shift_change, shift_beyond_motion, argmax (shares of the taps,
//   row-major, with spaces), prediction_changes, batches, pictures (the last three: of the network)
std::string diagnosis_csv(const Diagnosis& diagnosis);

// A band for each layer: its shares as bars, and where the maxima lie in the window as a heat map.
// Throws kUsage for more layers than a picture has room for.
Picture draw_diagnosis(const std::string& title, const Diagnosis& diagnosis);

// "3x3"
std::string kernel_text(const PoolingLayer& layer);
// "2x2"
std::string stride_text(const PoolingLayer& layer);

}  // namespace weir
