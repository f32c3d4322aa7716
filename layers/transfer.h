// Trained weights for a network that is not quite the one they were trained in.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "layers/sequential.h"

namespace weir {

struct LayerState {
  std::string path, kind;                              // "features.0", "Conv2d"
  std::vector<std::pair<std::string, Shape>> tensors;  // "weight" ..; counters left out
};

struct TransferredLayer {
  LayerState layer;    // of the target
  std::string source;  // the path of the layer whose weights it has now; "" = kept as it was
};

struct Transfer {
  std::vector<TransferredLayer> layers;  // of the target, all with parameters or statistics
  std::vector<LayerState> dropped;       // layers of the source that went nowhere
  std::vector<std::string> ambiguous;    // one sentence for each layer that fitted elsewhere too

  size_t loaded_count() const;
  // Nothing kept, nothing dropped, nothing ambiguous.
  bool complete() const;
  // What happened to each layer: "loaded   features.4  Conv2d  weight (64, 64, 3, 3), bias (64),
  // from features.3".
  std::vector<std::string> lines() const;
};

// Copies parameters and statistics between the layers that align() pairs (layers/alignment.h).
// Layers of the target with a parameter that a pattern of `skip` fits (layers/name_pattern.h) are
// kept, and what would have gone there is dropped. Throws kUsage for a pattern that fits none.
Transfer transfer_weights(const Sequential& source, Sequential& target,
                          const std::vector<std::string>& skip = {});

// Throws kData unless the transfer is complete: with every tensor that is missing (of the target),
// unexpected (of the source) or differs in shape, and everything ambiguous.
void require_complete(const Transfer& transfer);

}  // namespace weir
