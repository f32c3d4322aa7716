#pragma once

#include <string>

#include <oneapi/dnnl/dnnl.hpp>

namespace weir::peers {

// What one run of the oneDNN step is asked for.
struct Settings {
  std::string net = "all_cnn_c";  // a name of network_names()
  bool bf16 = false;              // activations and their gradients; parameters stay fp32
  bool channels_last = false;     // false: the layout that oneDNN prefers for each primitive
  dnnl::algorithm convolution = dnnl::algorithm::convolution_direct;  // direct, winograd or auto
  int batch = 128;

  dnnl::memory::data_type activation_type() const {
    return bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
  }
};

}  // namespace weir::peers
