#pragma once

#include "bench/peers/onednn/networks.h"
#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// The layout in which the first convolution wants pictures of these dimensions (NCHW).
dnnl::memory::desc preferred_input(const Recorder& recorder, const dnnl::memory::dims& images,
                                   const Conv& spec);

// Records a convolution with fused ReLU, forward and backward; returns its output.
Signal record_conv(Recorder& recorder, const Signal& in, const Conv& spec);

}  // namespace weir::peers
