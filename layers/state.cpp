#include "layers/state.h"

#include <cstring>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

std::string describe(const Tensor& tensor) {
  return fmt::format("{} {}", name_of(tensor.dtype()), tensor.shape().str());
}

// One line for each difference between what the network has and what was found.
std::vector<std::string> differences(const std::map<std::string, Tensor>& expected,
                                     const std::map<std::string, Tensor>& found) {
  std::vector<std::string> lines;
  for (const auto& [name, tensor] : expected) {
    const auto match = found.find(name);
    if (match == found.end()) {
      lines.push_back(fmt::format("missing: {} {}", name, describe(tensor)));
    } else if (match->second.shape() != tensor.shape() || match->second.dtype() != tensor.dtype()) {
      lines.push_back(fmt::format("different: {}: expected {}, found {}", name, describe(tensor),
                                  describe(match->second)));
    }
  }
  for (const auto& [name, tensor] : found) {
    if (!expected.contains(name)) {
      lines.push_back(fmt::format("unexpected: {} {}", name, describe(tensor)));
    }
  }
  return lines;
}

}  // namespace

int64_t parameter_count(Layer& net) {
  int64_t count = 0;
  for (const NamedParameter& parameter : net.parameters())
    count += parameter.variable.value().numel();
  return count;
}

std::map<std::string, Tensor> state_of(Layer& net) {
  std::map<std::string, Tensor> state;
  for (const NamedParameter& parameter : net.parameters()) {
    state.emplace(parameter.name, parameter.variable.value());
  }
  for (const NamedBuffer& buffer : net.buffers()) state.emplace(buffer.name, *buffer.tensor);
  return state;
}

void load_state(Layer& net, const std::map<std::string, Tensor>& state) {
  std::map<std::string, Tensor> own = state_of(net);
  const std::vector<std::string> lines = differences(own, state);
  if (!lines.empty()) {
    fail(ErrorKind::kData, "the weights do not fit the network ({} differences):\n  {}",
         lines.size(), join(lines, "\n  "));
  }
  for (auto& [name, tensor] : own) {
    std::memcpy(tensor.data<std::byte>(), state.at(name).data<std::byte>(), tensor.bytes());
  }
}

}  // namespace weir
