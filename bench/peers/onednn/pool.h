#pragma once

#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// Records a 2x2 max pooling of stride 2; forward remembers in a workspace which input won.
Signal record_max_pool(Recorder& recorder, const Signal& in);

// Records the mean over each map: [N, C, H, W] to [N, C, 1, 1].
Signal record_global_mean(Recorder& recorder, const Signal& in);

}  // namespace weir::peers
