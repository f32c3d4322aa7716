// Convolutions and linear layers, in every kernel that takes them.
#include <array>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/networks.h"
#include "bench/support.h"
#include "core/kernels/cast.h"
#include "core/kernels/conv/conv2d.h"

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

// A layer in one kernel, with its images stored as `type`.
struct Run {
  const Conv2dKernel& kernel;
  ConvShape shape;
  DType type;
};

struct Operands {
  explicit Operands(const Run& run)
      : x(images(run.type, run.shape.c, run.shape.window.y.in, run.shape.window.x.in)),
        y(images(run.type, run.shape.k, run.shape.window.y.out(), run.shape.window.x.out())),
        weight(random_plain({run.shape.k, run.shape.group_c(), run.shape.window.y.kernel,
                             run.shape.window.x.kernel})) {}
  static Tensor images(DType type, int c, int h, int w) {
    return kernels::stored_as(random_images({c, h, w}), type);
  }
  Tensor x, y, weight;
};

void forward(State& state, const Run& run) {
  Operands o(run);
  for (auto _ : state) run.kernel.forward(run.shape, o.x, o.weight, {}, o.y);
}

void backward_data(State& state, const Run& run) {
  Operands o(run);
  for (auto _ : state) run.kernel.backward_data(run.shape, o.y, o.weight, o.x);
}

void backward_weights(State& state, const Run& run) {
  Operands o(run);
  for (auto _ : state) run.kernel.backward_weights(run.shape, o.x, o.y, o.weight);
}

struct Pass {
  const char* name;
  void (*measure)(State& state, const Run& run);
};
constexpr std::array kPasses{Pass{"forward", forward}, Pass{"backward_data", backward_data},
                             Pass{"backward_weights", backward_weights}};

void add_passes(const std::string& layer, const Run& run) {
  for (const Pass& pass : kPasses) {
    const std::string name =
        fmt::format("{}/{}/{}/{}", layer, name_of(run.type), run.kernel.name, pass.name);
    add_row(name, [=](State& state) {
      pass.measure(state, run);
      count_flop(state, 2 * multiply_adds(run.shape));
    });
  }
}

void add_kernels(const std::string& layer, const ConvShape& shape) {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
      const bool too_slow =
          kernel == &kernels::kConvReference && multiply_adds(shape) > kReferenceWork;
      if (kernel->accepts(shape, type) && !too_slow) add_passes(layer, {*kernel, shape, type});
    }
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
