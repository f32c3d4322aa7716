#include "bench/peers/onednn/linear.h"

#include "bench/peers/onednn/relu.h"
#include "bench/peers/onednn/weighted.h"

namespace weir::peers {
namespace {

using dnnl::inner_product_backward_data;
using dnnl::inner_product_backward_weights;
using dnnl::inner_product_forward;
using dnnl::memory;

using LinearLayer = WeightedLayer<inner_product_forward, inner_product_backward_weights,
                                  inner_product_backward_data>;

}  // namespace

Signal record_linear(Recorder& recorder, const Signal& in, const Linear& spec) {
  const memory::data_type type = recorder.settings().activation_type();
  memory::dims weight_dims = in.dims();
  weight_dims[0] = spec.features;
  const memory::desc weights_any(weight_dims, type, memory::format_tag::any);
  const memory::desc gradient_any(weight_dims, memory::data_type::f32, memory::format_tag::any);
  const memory::desc bias({spec.features}, memory::data_type::f32, memory::format_tag::a);
  const memory::desc out({in.dims()[0], spec.features}, type, memory::format_tag::ab);

  LinearLayer layer{.name = "linear", .relu = spec.relu};
  layer.forward = {{dnnl::prop_kind::forward_training, in.desc(), weights_any, bias, out},
                   spec.relu ? with_relu() : dnnl::primitive_attr(),
                   recorder.engine()};
  layer.backward_weights = {{in.desc(), gradient_any, bias, out}, recorder.engine(), layer.forward};
  layer.backward_data = {{in.desc(), weights_any, out}, recorder.engine(), layer.forward};
  return layer.record(recorder, in);
}

}  // namespace weir::peers
