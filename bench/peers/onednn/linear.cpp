#include "bench/peers/onednn/linear.h"

#include "bench/peers/onednn/relu.h"

namespace weir::peers {
namespace {

using dnnl::inner_product_backward_data;
using dnnl::inner_product_backward_weights;
using dnnl::inner_product_forward;
using dnnl::memory;

}  // namespace

Signal record_linear(Recorder& recorder, const Signal& in, const Linear& spec) {
  const memory::data_type type = recorder.settings().activation_type();
  memory::dims weight_dims = in.dims();
  weight_dims[0] = spec.features;
  const memory::desc weights_any(weight_dims, type, memory::format_tag::any);
  const memory::desc gradient_any(weight_dims, memory::data_type::f32, memory::format_tag::any);
  const memory::desc bias_desc({spec.features}, memory::data_type::f32, memory::format_tag::a);
  const memory::desc out_desc({in.dims()[0], spec.features}, type, memory::format_tag::ab);

  const inner_product_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, in.desc(), weights_any, bias_desc, out_desc},
      spec.relu ? with_relu() : dnnl::primitive_attr(), recorder.engine());
  const inner_product_backward_weights::primitive_desc backward_weights(
      {in.desc(), gradient_any, bias_desc, out_desc}, recorder.engine(), forward);
  const inner_product_backward_data::primitive_desc backward_data(
      {in.desc(), weights_any, out_desc}, recorder.engine(), forward);

  Parameter& weights = recorder.add_parameter(backward_weights.diff_weights_desc());
  Parameter& bias = recorder.add_parameter(bias_desc);
  const Signal out = recorder.allocate_signal(out_desc);
  recorder.forward<inner_product_forward>(
      "linear forward", forward,
      {{DNNL_ARG_SRC, in.value},
       {DNNL_ARG_WEIGHTS, recorder.converted_forward(weights.value(), forward.weights_desc())},
       {DNNL_ARG_BIAS, bias.value()},
       {DNNL_ARG_DST, out.value}});
  if (spec.relu) record_relu_backward(recorder, out);
  recorder.backward<inner_product_backward_weights>("linear backward weights", backward_weights,
                                                    {{DNNL_ARG_SRC, in.value},
                                                     {DNNL_ARG_DIFF_DST, out.gradient},
                                                     {DNNL_ARG_DIFF_WEIGHTS, weights.gradient()},
                                                     {DNNL_ARG_DIFF_BIAS, bias.gradient()}});
  recorder.backward<inner_product_backward_data>(
      "linear backward data", backward_data,
      {{DNNL_ARG_DIFF_DST, out.gradient},
       {DNNL_ARG_WEIGHTS,
        recorder.converted_backward(weights.value(), backward_data.weights_desc())},
       {DNNL_ARG_DIFF_SRC, in.gradient}});
  return out;
}

}  // namespace weir::peers
