// Between the tensors of a running training and those in files.
#pragma once

#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "layers/layer.h"

namespace weir {

// The network's state_dict as PyTorch writes it; all share the network's memory but batch norm's
// num_batches_tracked, which is I64 in files.
std::vector<NamedTensor> network_tensors(Layer& network);

// The reverse. Throws kData with every missing, unexpected and misshapen tensor, and changes
// nothing then; num_batches_tracked may be absent, as inference does not need it.
void load_network(Layer& network, const std::vector<NamedTensor>& tensors);

std::vector<NamedTensor> copy_of(const std::vector<NamedTensor>& tensors);

// Adds `tensors` to the file under prefix + name.
void append(SafeTensors& file, const std::vector<NamedTensor>& tensors, const std::string& prefix);

// The tensors of the file whose names begin with `prefix`, without it.
std::vector<NamedTensor> with_prefix(const SafeTensors& file, const std::string& prefix);

// Copies the tensors prefix + name of the file over `own`. Throws kData when one is missing or has
// another shape or type.
void restore(std::vector<NamedTensor> own, const SafeTensors& file, const std::string& prefix);

}  // namespace weir
