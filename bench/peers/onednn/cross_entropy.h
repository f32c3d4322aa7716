#pragma once

#include <vector>

#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// Softmax and cross-entropy in fp32 over scores [N, K] or [N, K, 1, 1], the mean over N pictures.
class CrossEntropy {
 public:
  // Picture i belongs to class labels[i].
  CrossEntropy(Recorder& recorder, const Signal& scores, std::vector<int> labels);

  // Between the forward and the backward commands: writes the gradient, returns the loss.
  float run();

 private:
  std::vector<int> labels_;
  dnnl::memory scores_;    // plain fp32
  dnnl::memory gradient_;  // plain fp32
};

}  // namespace weir::peers
