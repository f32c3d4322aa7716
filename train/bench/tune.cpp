#include "train/bench/tune.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/stopwatch.h"
#include "core/kernels/cast.h"
#include "train/bench/conv_shapes.h"
#include "train/bench/median.h"

namespace weir {
namespace {

using kernels::Conv2dKernel;
using kernels::ConvPass;
using kernels::ConvShape;

constexpr int kRounds = 7;
constexpr double kClearGain = 1.02;     // less is noise
constexpr double kHopelessFactor = 3;   // slower than the best by this: one run is enough
constexpr double kLeastSeconds = 1e-3;  // of a measurement: short passes are repeated

// A convolution of the network.
struct Wanted {
  ConvShape shape;
  bool data_gradient = false;  // somewhere its input has a gradient
};

// Each different one once. The first layer sees pictures, which have no gradient.
std::vector<Wanted> convolutions_of(Sequential& network, FeatureShape shape) {
  std::vector<Wanted> list;
  bool first = true;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    if (const auto conv = conv_shape_of(*leaf.layer, shape)) {
      auto found = std::find_if(list.begin(), list.end(),
                                [&](const Wanted& other) { return other.shape == *conv; });
      if (found == list.end()) found = list.insert(list.end(), {.shape = *conv});
      found->data_gradient |= !first;
      first = false;
    }
    shape = leaf.layer->output_shape(shape);
  }
  return list;
}

// Values do not change how long a kernel takes, if they are neither denormal nor all the same.
Tensor filled(Tensor tensor) {
  float* values = tensor.data();
  for (int64_t i = 0; i < tensor.stored(); ++i) {
    values[i] = static_cast<float>(std::sin(static_cast<double>(i % 4093)));
  }
  return tensor;
}

// The tensors of one convolution.
struct Operands {
  Operands(const ConvShape& conv, const TuneOptions& o)
      : shape(conv),
        x(images(o, conv.c, conv.window.y.in, conv.window.x.in)),
        y(images(o, conv.k, conv.window.y.out(), conv.window.x.out())),
        weight(filled(
            Tensor::empty({conv.k, conv.group_c(), conv.window.y.kernel, conv.window.x.kernel}))),
        dweight(Tensor::like(weight)),
        dx(Tensor::like(x)) {}
  static Tensor images(const TuneOptions& o, int c, int h, int w) {
    return kernels::stored_as(filled(Tensor::images(o.batch_size, c, h, w)), o.type);
  }

  void run(const Conv2dKernel& kernel, ConvPass pass) {
    if (pass == ConvPass::kForward) kernel.forward(shape, x, weight, {}, y);
    if (pass == ConvPass::kBackwardData) kernel.backward_data(shape, y, weight, dx);
    if (pass == ConvPass::kBackwardWeights) kernel.backward_weights(shape, x, y, dweight);
  }

  ConvShape shape;
  Tensor x, y, weight, dweight, dx;
};

struct Candidate {
  const Conv2dKernel* kernel;
  int times = 1;                     // runs in a measurement
  std::vector<double> seconds = {};  // of a run
};

void measure(Candidate& candidate, Operands& operands, ConvPass pass) {
  const Stopwatch watch;
  for (int i = 0; i < candidate.times; ++i) operands.run(*candidate.kernel, pass);
  candidate.seconds.push_back(watch.seconds() / candidate.times);
}

std::vector<Candidate> candidates_for(const ConvShape& shape, DType type) {
  const Conv2dKernel* fixed = &kernels::choose_conv2d(shape, type);
  std::vector<Candidate> list = {{.kernel = fixed}};
  for (const Conv2dKernel* kernel : kernels::conv2d_kernels()) {
    const bool extra = kernel != fixed && kernel != &kernels::kConvReference;
    if (extra && kernel->accepts(shape, type)) list.push_back({.kernel = kernel});
  }
  return list;
}

// One run of each that also warms up, then rounds by turns among those that may win.
void measure_by_turns(std::vector<Candidate>& candidates, Operands& operands, ConvPass pass) {
  double best = HUGE_VAL;
  for (Candidate& candidate : candidates) {
    measure(candidate, operands, pass);
    measure(candidate, operands, pass);
    const double second_run = candidate.seconds.back();
    candidate.seconds = {second_run};
    candidate.times = static_cast<int>(std::clamp(std::ceil(kLeastSeconds / second_run), 1., 1e4));
    best = std::min(best, second_run);
  }
  for (int round = 0; round < kRounds; ++round) {
    for (Candidate& candidate : candidates) {
      if (candidate.seconds.front() < kHopelessFactor * best) measure(candidate, operands, pass);
    }
  }
}

// The first candidate is the fixed rule's.
TunedPass tune_pass(Operands& operands, const TuneOptions& options, ConvPass pass,
                    kernels::ConvChoices& choices) {
  std::vector<Candidate> candidates = candidates_for(operands.shape, options.type);
  measure_by_turns(candidates, operands, pass);
  const auto seconds = [](const Candidate& candidate) { return median_of(candidate.seconds); };
  const Candidate& fixed = candidates.front();
  const Candidate* best = &*std::min_element(
      candidates.begin(), candidates.end(),
      [&](const Candidate& a, const Candidate& b) { return seconds(a) < seconds(b); });
  if (seconds(fixed) < kClearGain * seconds(*best)) best = &fixed;
  choices.choose(operands.shape, options.type, pass, *best->kernel);
  return {.convolution = kernels::text_of(operands.shape, options.type),
          .pass = pass,
          .fixed = std::string(fixed.kernel->name),
          .chosen = std::string(best->kernel->name),
          .fixed_seconds = seconds(fixed),
          .chosen_seconds = seconds(*best)};
}

}  // namespace

TuneReport tune_convolutions(Sequential& network, const TuneOptions& options) {
  TuneReport report;
  for (const Wanted& wanted : convolutions_of(network, options.input)) {
    Operands operands(wanted.shape, options);
    for (const ConvPass pass : kernels::kConvPasses) {
      if (pass == ConvPass::kBackwardData && !wanted.data_gradient) continue;
      report.passes.push_back(tune_pass(operands, options, pass, report.choices));
    }
  }
  return report;
}

}  // namespace weir
