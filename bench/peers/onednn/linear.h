#pragma once

#include "bench/peers/onednn/networks.h"
#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// Records a fully connected layer over everything that one picture has in `in`.
Signal record_linear(Recorder& recorder, const Signal& in, const Linear& spec);

}  // namespace weir::peers
