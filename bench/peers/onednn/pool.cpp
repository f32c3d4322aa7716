#include "bench/peers/onednn/pool.h"

namespace weir::peers {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::pooling_backward;
using dnnl::pooling_forward;

// Windows that touch each other and cover the map.
Signal record_pool(Recorder& recorder, const Signal& in, algorithm how,
                   const memory::dims& window) {
  const memory::dims dims = in.dims();
  const memory::desc out_any({dims[0], dims[1], dims[2] / window[0], dims[3] / window[1]},
                             recorder.settings().activation_type(), memory::format_tag::any);
  const memory::dims no_padding = {0, 0};
  const pooling_forward::primitive_desc forward({dnnl::prop_kind::forward_training, how, in.desc(),
                                                 out_any, window, window, no_padding, no_padding},
                                                recorder.engine());
  const pooling_backward::primitive_desc backward(
      {how, in.desc(), forward.dst_desc(), window, window, no_padding, no_padding},
      recorder.engine(), forward);

  const Signal out = recorder.allocate_signal(forward.dst_desc());
  Arguments forward_arguments = {{DNNL_ARG_SRC, in.value}, {DNNL_ARG_DST, out.value}};
  Arguments backward_arguments = {{DNNL_ARG_DIFF_DST, out.gradient},
                                  {DNNL_ARG_DIFF_SRC, in.gradient}};
  if (how == algorithm::pooling_max) {
    const memory workspace = recorder.allocate(forward.workspace_desc());
    forward_arguments.emplace(DNNL_ARG_WORKSPACE, workspace);
    backward_arguments.emplace(DNNL_ARG_WORKSPACE, workspace);
  }
  recorder.forward<pooling_forward>("pool forward", forward, forward_arguments);
  recorder.backward<pooling_backward>("pool backward", backward, backward_arguments);
  return out;
}

}  // namespace

Signal record_max_pool(Recorder& recorder, const Signal& in) {
  return record_pool(recorder, in, algorithm::pooling_max, {2, 2});
}

Signal record_global_mean(Recorder& recorder, const Signal& in) {
  return record_pool(recorder, in, algorithm::pooling_avg_exclude_padding,
                     {in.dims()[2], in.dims()[3]});
}

}  // namespace weir::peers
