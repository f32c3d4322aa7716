#pragma once

#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

namespace weir::peers {

// Dense fp32 in the order of the dimensions: NCHW for maps, OIHW for weights.
dnnl::memory::desc plain_desc(const dnnl::memory::dims& dims);

// Converts numbers in plain order to the memory's layout and type, and back.
void write_plain(const std::vector<float>& values, const dnnl::memory& to);
std::vector<float> read_plain(const dnnl::memory& from);

}  // namespace weir::peers
