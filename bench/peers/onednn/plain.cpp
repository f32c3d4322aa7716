#include "bench/peers/onednn/plain.h"

#include <algorithm>
#include <cstddef>

namespace weir::peers {
namespace {

void convert(const dnnl::memory& from, const dnnl::memory& to) {
  dnnl::stream stream(from.get_engine());
  dnnl::reorder(from, to).execute(stream, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  stream.wait();
}

}  // namespace

dnnl::memory::desc plain_desc(const dnnl::memory::dims& dims) {
  dnnl::memory::dims strides(dims.size(), 1);
  for (std::size_t axis = dims.size() - 1; axis > 0; --axis) {
    strides[axis - 1] = strides[axis] * dims[axis];
  }
  return {dims, dnnl::memory::data_type::f32, strides};
}

void write_plain(const std::vector<float>& values, const dnnl::memory& to) {
  const dnnl::memory plain(plain_desc(to.get_desc().dims()), to.get_engine());
  std::copy(values.begin(), values.end(), static_cast<float*>(plain.get_data_handle()));
  convert(plain, to);
}

std::vector<float> read_plain(const dnnl::memory& from) {
  const dnnl::memory plain(plain_desc(from.get_desc().dims()), from.get_engine());
  convert(from, plain);
  const auto* values = static_cast<const float*>(plain.get_data_handle());
  return {values, values + plain.get_desc().get_size() / sizeof(float)};
}

}  // namespace weir::peers
