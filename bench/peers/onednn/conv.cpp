#include "bench/peers/onednn/conv.h"

#include "bench/peers/onednn/relu.h"

namespace weir::peers {
namespace {

using dnnl::algorithm;
using dnnl::convolution_backward_data;
using dnnl::convolution_backward_weights;
using dnnl::convolution_forward;
using dnnl::memory;
using dnnl::prop_kind;

// The dimensions of a convolution, and its primitives in the settings' algorithm.
class Shape {
 public:
  Shape(const Recorder& recorder, const memory::dims& in, const Conv& spec)
      : recorder_(recorder), in_(in), spec_(spec) {}

  memory::dims out_dims() const { return {in_[0], spec_.channels, extent(in_[2]), extent(in_[3])}; }
  memory::desc maps(const memory::dims& dims) const {
    const Settings& settings = recorder_.settings();
    return {dims, settings.activation_type(),
            settings.channels_last ? memory::format_tag::nhwc : memory::format_tag::any};
  }

  convolution_forward::primitive_desc forward(const memory::desc& in) const {
    return in_best_algorithm<convolution_forward>([&](algorithm how) {
      return convolution_forward::primitive_desc(
          {prop_kind::forward_training, how, in, weights(recorder_.settings().activation_type()),
           bias(), maps(out_dims()), strides(), padding(), padding()},
          with_relu(), recorder_.engine(), kMayBeMissing);
    });
  }

  convolution_backward_weights::primitive_desc backward_weights(
      const memory::desc& in, const convolution_forward::primitive_desc& forward) const {
    return in_best_algorithm<convolution_backward_weights>([&](algorithm how) {
      return convolution_backward_weights::primitive_desc(
          {how, in, weights(memory::data_type::f32), bias(), forward.dst_desc(), strides(),
           padding(), padding()},
          recorder_.engine(), forward, kMayBeMissing);
    });
  }

  convolution_backward_data::primitive_desc backward_data(
      const memory::desc& in, const convolution_forward::primitive_desc& forward) const {
    return in_best_algorithm<convolution_backward_data>([&](algorithm how) {
      return convolution_backward_data::primitive_desc(
          {how, in, weights(recorder_.settings().activation_type()), forward.dst_desc(), strides(),
           padding(), padding()},
          recorder_.engine(), forward, kMayBeMissing);
    });
  }

 private:
  static constexpr bool kMayBeMissing = true;

  // Winograd exists for some shapes only, and loses where there are few channels.
  template <class Primitive, class Describe>
  typename Primitive::primitive_desc in_best_algorithm(const Describe& describe) const {
    const algorithm wanted = recorder_.settings().convolution;
    constexpr memory::dim kFewChannels = 16;
    if (wanted != algorithm::convolution_winograd || in_[1] >= kFewChannels) {
      if (const auto desc = describe(wanted)) return desc;
    }
    if (const auto desc = describe(algorithm::convolution_direct)) return desc;
    throw dnnl::error(dnnl_unimplemented, "oneDNN has no such convolution for this processor");
  }

  memory::dim extent(memory::dim in) const {
    return (in + 2 * spec_.padding - spec_.kernel) / spec_.stride + 1;
  }
  memory::desc weights(memory::data_type type) const {
    return {{spec_.channels, in_[1], spec_.kernel, spec_.kernel}, type, memory::format_tag::any};
  }
  memory::desc bias() const {
    return {{spec_.channels}, memory::data_type::f32, memory::format_tag::a};
  }
  memory::dims strides() const { return {spec_.stride, spec_.stride}; }
  memory::dims padding() const { return {spec_.padding, spec_.padding}; }

  const Recorder& recorder_;
  memory::dims in_;
  Conv spec_;
};

}  // namespace

memory::desc preferred_input(const Recorder& recorder, const memory::dims& images,
                             const Conv& spec) {
  const Shape shape(recorder, images, spec);
  return shape.forward(shape.maps(images)).src_desc();
}

Signal record_conv(Recorder& recorder, const Signal& in, const Conv& spec) {
  const Shape shape(recorder, in.dims(), spec);
  const auto forward = shape.forward(in.desc());
  const auto backward_weights = shape.backward_weights(in.desc(), forward);
  Parameter& weights = recorder.add_parameter(backward_weights.diff_weights_desc());
  Parameter& bias = recorder.add_parameter(backward_weights.diff_bias_desc());
  const Signal out = recorder.allocate_signal(forward.dst_desc());

  recorder.forward<convolution_forward>(
      "conv forward", forward,
      {{DNNL_ARG_SRC, in.value},
       {DNNL_ARG_WEIGHTS, recorder.converted_forward(weights.value(), forward.weights_desc())},
       {DNNL_ARG_BIAS, bias.value()},
       {DNNL_ARG_DST, out.value}});
  record_relu_backward(recorder, out);
  recorder.backward<convolution_backward_weights>("conv backward weights", backward_weights,
                                                  {{DNNL_ARG_SRC, in.value},
                                                   {DNNL_ARG_DIFF_DST, out.gradient},
                                                   {DNNL_ARG_DIFF_WEIGHTS, weights.gradient()},
                                                   {DNNL_ARG_DIFF_BIAS, bias.gradient()}});
  if (!in.has_gradient()) return out;
  const auto backward_data = shape.backward_data(in.desc(), forward);
  recorder.backward<convolution_backward_data>(
      "conv backward data", backward_data,
      {{DNNL_ARG_DIFF_DST, out.gradient},
       {DNNL_ARG_WEIGHTS,
        recorder.converted_backward(weights.value(), backward_data.weights_desc())},
       {DNNL_ARG_DIFF_SRC, in.gradient}});
  return out;
}

}  // namespace weir::peers
