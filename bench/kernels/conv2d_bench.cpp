// Convolutions and linear layers, in every kernel that takes them.
#include <array>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/conv2d.h"

namespace weir::bench {
namespace {

using benchmark::State;
using kernels::Conv2dKernel;
using kernels::ConvShape;

// Taps that fall into the padding count as work, as is usual.
double multiply_adds(const ConvShape& shape) {
  const double pixels = double{kBatch} * shape.window.y.out() * shape.window.x.out();
  return pixels * static_cast<double>(shape.weights());
}

struct Operands {
  explicit Operands(const ConvShape& shape)
      : x(random_images({shape.c, shape.window.y.in, shape.window.x.in})),
        y(random_images({shape.k, shape.window.y.out(), shape.window.x.out()})),
        weight(random_plain(
            {shape.k, shape.group_c(), shape.window.y.kernel, shape.window.x.kernel})) {}
  Tensor x, y, weight;
};

void forward(State& state, const Conv2dKernel& kernel, const ConvShape& shape) {
  Operands o(shape);
  for (auto _ : state) kernel.forward(shape, o.x, o.weight, {}, o.y);
}

void backward_data(State& state, const Conv2dKernel& kernel, const ConvShape& shape) {
  Operands o(shape);
  for (auto _ : state) kernel.backward_data(shape, o.y, o.weight, o.x);
}

void backward_weights(State& state, const Conv2dKernel& kernel, const ConvShape& shape) {
  Operands o(shape);
  for (auto _ : state) kernel.backward_weights(shape, o.x, o.y, o.weight);
}

struct Pass {
  const char* name;
  void (*run)(State& state, const Conv2dKernel& kernel, const ConvShape& shape);
};
constexpr std::array kPasses{Pass{"forward", forward}, Pass{"backward_data", backward_data},
                             Pass{"backward_weights", backward_weights}};

void add_passes(const std::string& layer, const Conv2dKernel& kernel, const ConvShape& shape) {
  for (const Pass& pass : kPasses) {
    add_row(fmt::format("{}/{}/{}", layer, kernel.name, pass.name), [=, &kernel](State& state) {
      pass.run(state, kernel, shape);
      count_flop(state, 2 * multiply_adds(shape));
    });
  }
}

void add_kernels(const std::string& layer, const ConvShape& shape) {
  for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
    const bool too_slow =
        kernel == &kernels::kConvReference && multiply_adds(shape) > kReferenceWork;
    if (kernel->accepts(shape) && !too_slow) add_passes(layer, *kernel, shape);
  }
}

}  // namespace

void add_conv2d_benchmarks() {
  for (const Network& network : networks()) {
    for (const LayerShape& layer : distinct_layers(network.options, {"Conv2d", "Linear"})) {
      const ConvShape shape{.c = layer.in.c, .k = layer.out.c, .window = layer.window};
      add_kernels(fmt::format("conv2d/{}/{}_to_{}", network.name, window_label(layer), shape.k),
                  shape);
    }
  }
}

}  // namespace weir::bench
