#include "train/checkpoint/named_tensors.h"

#include <cstring>
#include <map>

#include "core/base/error.h"
#include "layers/state.h"

namespace weir {
namespace {

bool counts_batches(const std::string& name) { return name.ends_with("num_batches_tracked"); }

Tensor widened(const Tensor& count) {
  Tensor wide = Tensor::empty(count.shape(), DType::kI64);
  *wide.data<int64_t>() = *count.data<int32_t>();
  return wide;
}

Tensor narrowed(const Tensor& count) {
  if (count.dtype() != DType::kI64 || count.numel() != 1) return count;  // refused by load_state
  Tensor narrow = Tensor::empty(count.shape(), DType::kI32);
  *narrow.data<int32_t>() = static_cast<int32_t>(*count.data<int64_t>());
  return narrow;
}

}  // namespace

std::vector<NamedTensor> network_tensors(Layer& network) {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : state_of(network)) {
    tensors.push_back({name, counts_batches(name) ? widened(tensor) : tensor});
  }
  return tensors;
}

void load_network(Layer& network, const std::vector<NamedTensor>& tensors) {
  std::map<std::string, Tensor> state;
  for (const NamedTensor& named : tensors) {
    state[named.name] = counts_batches(named.name) ? narrowed(named.tensor) : named.tensor;
  }
  for (const auto& [name, tensor] : state_of(network)) {
    if (counts_batches(name)) state.emplace(name, tensor);
  }
  load_state(network, state);
}

std::vector<NamedTensor> copy_of(const std::vector<NamedTensor>& tensors) {
  std::vector<NamedTensor> copies;
  for (const NamedTensor& named : tensors) copies.push_back({named.name, named.tensor.clone()});
  return copies;
}

void append(SafeTensors& file, const std::vector<NamedTensor>& tensors, const std::string& prefix) {
  for (const NamedTensor& named : tensors) {
    file.tensors.push_back({prefix + named.name, named.tensor});
  }
}

std::vector<NamedTensor> with_prefix(const SafeTensors& file, const std::string& prefix) {
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& named : file.tensors) {
    if (named.name.starts_with(prefix)) {
      tensors.push_back({named.name.substr(prefix.size()), named.tensor});
    }
  }
  return tensors;
}

void restore(std::vector<NamedTensor> own, const SafeTensors& file, const std::string& prefix) {
  for (NamedTensor& named : own) {
    const Tensor& saved = file.at(prefix + named.name);
    if (saved.shape() != named.tensor.shape() || saved.dtype() != named.tensor.dtype()) {
      fail(ErrorKind::kData, "'{}{}': expected {} of shape {}, found {} of shape {}", prefix,
           named.name, name_of(named.tensor.dtype()), named.tensor.shape().str(),
           name_of(saved.dtype()), saved.shape().str());
    }
    std::memcpy(named.tensor.data<std::byte>(), saved.data<std::byte>(), saved.bytes());
  }
}

}  // namespace weir
