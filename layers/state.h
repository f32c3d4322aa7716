// The state of a network under PyTorch's state_dict names.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "layers/layer.h"

namespace weir {

int64_t parameter_count(Layer& net);

// Every parameter and buffer by name. The tensors share memory with the network; PyTorch's layouts.
// num_batches_tracked of batch norm is one I32 number here, I64 in files.
std::map<std::string, Tensor> state_of(Layer& net);

// Copies `state` into the network. Strict: throws kData naming every missing, unexpected and
// misshapen tensor at once, and changes nothing then.
void load_state(Layer& net, const std::map<std::string, Tensor>& state);

}  // namespace weir
