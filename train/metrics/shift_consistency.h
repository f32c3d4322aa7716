// Does a network say the same of a picture that has moved a little? Shift consistency after Zhang,
// "Making convolutional networks shift-invariant again", ICML 2019; there both pictures are moved.
#pragma once

#include <vector>

#include "datasets/dataset.h"
#include "train/metrics/evaluate.h"

namespace weir {

// The pictures moved by up to `most` pixels in both directions, the edges repeated. Picture i moves
// by offset i modulo their number, of all offsets but none at all, row by row: ((2 most + 1)^2 - 1)
// of them, all equally often, and the same on every machine. Throws kUsage unless 1 <= most < the
// pictures' sides.
Images moved_pictures(const Images& images, int most);

// The share of pictures whose most likely class is the same in both, which are predictions for the
// same pictures in the same order.
double same_class_share(const std::vector<Prediction>& a, const std::vector<Prediction>& b);

}  // namespace weir
