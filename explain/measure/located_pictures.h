// Pictures with one object each, whose place is known.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/synth10.h"
#include "explain/measure/map_scores.h"

namespace weir {

struct LocatedPictures {
  Images images;
  std::vector<ObjectPlace> places;  // one for each
};

// These test pictures of synth10 with their objects' masks, and the boxes around those.
LocatedPictures located_synth10(std::span<const int> indices, const Synth10Options& options = {});

enum class Backdrop {
  kGrey,     // 128 everywhere
  kNoise,    // every byte of every pixel drawn uniformly
  kPatches,  // 8x8 pieces of the other pictures, of other classes
};

struct PasteOptions {
  int canvas = 64;  // side of the new picture
  int object = 0;   // longer side of the pasted one, which is resized to it; 0: as it is
  Backdrop backdrop = Backdrop::kGrey;
  uint64_t seed = 1;
};

// Every picture on a canvas, at a place that is drawn uniformly; its box is known. A function of
// the options and the pictures. Throws kUsage for a canvas smaller than the object or above
// kMaxPictureSide, and for patches without a picture of another class.
LocatedPictures pasted_pictures(const Images& pictures, const PasteOptions& options);

}  // namespace weir
