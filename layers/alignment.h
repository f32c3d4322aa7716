// Which layers of one network are those of another, when some were put in, taken out or replaced,
// so that names have shifted: "features.3" here may be "features.4" there.
//
// The rule, for the layers that have parameters or statistics:
//   - Sections are aligned by themselves. The section of a layer is the first part of its name, as
//     "features" in "features.3"; a layer without one belongs to the section "".
//   - In a section the weighted layers (convolution, linear) are aligned: as many pairs as possible
//     in the same order, of the same kind and with the same shapes. Of equally many, more with the
//     same options count (a stride, say), then more with the same given name: positions, as
//     "features.3", are no such names.
//   - What stands between two weighted layers (batch norm, learnable pooling) belongs to the first,
//     and is aligned in the same way where that has a partner.
// Where several alignments are equally good, the one whose pairs come first is taken, and the pairs
// of the others are told.
#pragma once

#include <vector>

#include "layers/sequential.h"

namespace weir {

struct LayerPair {
  Sequential::Leaf source, target;
};

struct Alignment {
  std::vector<LayerPair> pairs;
  std::vector<LayerPair> alternatives;  // of equally good alignments; empty: there is none
};

Alignment align(const Sequential& source, const Sequential& target);

}  // namespace weir
