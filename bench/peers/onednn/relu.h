#pragma once

#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// ReLU in the epilogue of a forward primitive.
dnnl::primitive_attr with_relu();

// Clears the gradient, in place, where the ReLU that made `signal` cut its input off.
void record_relu_backward(Recorder& recorder, const Signal& signal);

}  // namespace weir::peers
