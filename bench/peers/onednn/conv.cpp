#include "bench/peers/onednn/conv.h"

#include "bench/peers/onednn/relu.h"
#include "bench/peers/onednn/weighted.h"

namespace weir::peers {
namespace {

using dnnl::algorithm;
using dnnl::convolution_backward_data;
using dnnl::convolution_backward_weights;
using dnnl::convolution_forward;
using dnnl::memory;
using dnnl::prop_kind;

using ConvLayer =
    WeightedLayer<convolution_forward, convolution_backward_weights, convolution_backward_data>;

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
  ConvLayer layer{.name = "conv", .relu = true, .forward = shape.forward(in.desc())};
  layer.backward_weights = shape.backward_weights(in.desc(), layer.forward);
  if (in.has_gradient()) layer.backward_data = shape.backward_data(in.desc(), layer.forward);
  return layer.record(recorder, in);
}

}  // namespace weir::peers
