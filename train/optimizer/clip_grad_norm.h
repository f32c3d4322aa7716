// The length of the whole gradient, and a limit on it.
#pragma once

#include <vector>

#include "layers/layer.h"

namespace weir {

// L2 norm over all gradients together; parameters without gradient count as zero. NaN or infinite
// when a gradient is. The same bits for any number of threads.
double grad_norm(const std::vector<NamedParameter>& parameters);

// Scales all gradients by max_norm / (norm + 1e-6) when that is below 1, as
// torch.nn.utils.clip_grad_norm_ does. `norm` is what grad_norm() returned.
// Pascanu, Mikolov, Bengio, ICML 2013.
void clip_grad_norm(const std::vector<NamedParameter>& parameters, double norm, double max_norm);

}  // namespace weir
