// What convolutions and fully connected layers share: weights, a bias, and three primitives.
#pragma once

#include <string>

#include "bench/peers/onednn/recorder.h"
#include "bench/peers/onednn/relu.h"

namespace weir::peers {

// The primitives of one layer, described.
template <class Forward, class BackwardWeights, class BackwardData>
struct WeightedLayer {
  std::string name;
  bool relu;  // fused into `forward`
  typename Forward::primitive_desc forward;
  typename BackwardWeights::primitive_desc backward_weights;
  typename BackwardData::primitive_desc backward_data;  // empty: the input has no gradient

  // Allocates parameters and output, records the layer, and returns its output.
  Signal record(Recorder& recorder, const Signal& in) const {
    Parameter& weights = recorder.add_parameter(backward_weights.diff_weights_desc());
    Parameter& bias = recorder.add_parameter(backward_weights.diff_bias_desc());
    const Signal out = recorder.allocate_signal(forward.dst_desc());
    recorder.forward<Forward>(
        name + " forward", forward,
        {{DNNL_ARG_SRC, in.value},
         {DNNL_ARG_WEIGHTS, recorder.converted_forward(weights.value(), forward.weights_desc())},
         {DNNL_ARG_BIAS, bias.value()},
         {DNNL_ARG_DST, out.value}});
    if (relu) record_relu_backward(recorder, out);
    recorder.backward<BackwardWeights>(name + " backward weights", backward_weights,
                                       {{DNNL_ARG_SRC, in.value},
                                        {DNNL_ARG_DIFF_DST, out.gradient},
                                        {DNNL_ARG_DIFF_WEIGHTS, weights.gradient()},
                                        {DNNL_ARG_DIFF_BIAS, bias.gradient()}});
    if (!in.has_gradient()) return out;
    recorder.backward<BackwardData>(
        name + " backward data", backward_data,
        {{DNNL_ARG_DIFF_DST, out.gradient},
         {DNNL_ARG_WEIGHTS,
          recorder.converted_backward(weights.value(), backward_data.weights_desc())},
         {DNNL_ARG_DIFF_SRC, in.gradient}});
    return out;
  }
};

}  // namespace weir::peers
