#include "bench/peers/onednn/relu.h"

namespace weir::peers {

dnnl::primitive_attr with_relu() {
  dnnl::post_ops epilogue;
  epilogue.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(epilogue);
  return attributes;
}

void record_relu_backward(Recorder& recorder, const Signal& signal) {
  using dnnl::algorithm;
  const dnnl::eltwise_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, algorithm::eltwise_relu, signal.desc(), 0.0f},
      recorder.engine());
  const dnnl::eltwise_backward::primitive_desc desc(
      {algorithm::eltwise_relu_use_dst_for_bwd, signal.desc(), signal.desc(), 0.0f},
      recorder.engine(), forward);
  recorder.backward<dnnl::eltwise_backward>("relu", desc,
                                            {{DNNL_ARG_DST, signal.value},
                                             {DNNL_ARG_DIFF_DST, signal.gradient},
                                             {DNNL_ARG_DIFF_SRC, signal.gradient}});
}

}  // namespace weir::peers
