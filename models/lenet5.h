// LeNet-5, as it is taught today. LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998.
#pragma once

#include "layers/sequential.h"
#include "models/model_options.h"

namespace weir {

// features: conv 5x5 6, pool 2x2, conv 5x5 16, pool 2x2 (that one only with last_pool); classifier:
// flatten, 120, 84, classes, or a global one by head (models/head.h).
// 62,006 parameters for 3x32x32 and 10 classes. The paper's net differs: it subsamples with a
// learned factor, connects only some maps, and ends in radial basis functions.
// Default: downsample max_pool, act relu. dropout acts after each hidden layer of the classifier.
Sequential lenet5(const ModelOptions& options);

}  // namespace weir
