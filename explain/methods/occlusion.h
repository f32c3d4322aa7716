// What the network says when a part of the picture is covered. Zeiler, Fergus, "Visualizing and
// understanding convolutional networks", ECCV 2014 (arXiv:1311.2901), section 4.2.
#pragma once

#include <span>
#include <vector>

#include "datasets/dataset.h"
#include "explain/heat_map.h"
#include "train/trained_model.h"

namespace weir {

struct OcclusionOptions {
  int window = 8;  // side of the square, pixels
  int stride = 2;  // from one place of the square to the next
};

// A grey square (128 in every channel, before normalisation) stands at every stride-th place, and
// at the last one of each row and column. M_c (y, x) is how far the probability of class c falls,
// as the mean over the squares that cover the pixel: above 0, what is there speaks for the class.
// pictures: bytes; one class and one map (H, W) for each. For any network.
// Throws kUsage for a square larger than the picture, a stride larger than the square, and numbers
// below 1.
std::vector<HeatMap> occlusion(TrainedModel& model, const Images& pictures,
                               std::span<const int> classes, const OcclusionOptions& options = {});

}  // namespace weir
