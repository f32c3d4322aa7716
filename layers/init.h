// Initial weights. Every random number is addressed by (seed, parameter, element), so the result
// depends neither on threads nor on the order of the layers' construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "layers/sequential.h"

namespace weir {

struct InitOptions {
  std::string method = "kaiming_normal";  // a row of init_methods()
  uint64_t seed = 0;
  Tensor batch = {};  // images that the network takes; for methods with needs_batch
};

struct InitMethod {
  std::string_view name;
  std::string_view help;  // one line
  bool needs_batch = false;
};
const std::vector<InitMethod>& init_methods();

// Sets every parameter of `net`: weights of convolutions and linear layers by the method, their
// biases to zero ("pytorch": as PyTorch), scales of batch norm to one and shifts to zero. Running
// statistics stay. fan_in = C/groups * KH * KW, fan_out = K * KH * KW, as in PyTorch.
// Throws kUsage for an unknown method (with the nearest name), or a missing batch.
void initialize(Sequential& net, const InitOptions& options);

}  // namespace weir
