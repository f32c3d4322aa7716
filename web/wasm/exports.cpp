// What JavaScript calls (web/js/kernels.js). One pooling at a time: first both directions of its
// windows, then a reducer, then the input, forward() and backward(). Nothing is checked here but
// where a function says so. Directions: 0 is down, 1 is across.
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "apps/pool_walk/built_in_grids.h"
#include "core/kernels/fractional_edges.h"
#include "core/kernels/pool/avg-inl.h"
#include "core/kernels/pool/gaussian.h"
#include "core/kernels/pool/loops-inl.h"
#include "core/kernels/uniform_stream.h"
#include "core/window_fault.h"
#include "web/wasm/gated.h"
#include "web/wasm/max_blur.h"
#include "web/wasm/mirrored_blur.h"
#include "web/wasm/mixture.h"
#include "web/wasm/pass.h"
#include "web/wasm/scaled_average.h"

#define WEIR_EXPORT(name) extern "C" __attribute__((export_name(#name), used)) auto name

namespace weir::web {
namespace {

using kernels::FractionalRegions;
using kernels::FractionalSequence;
using kernels::FractionalSize;
using kernels::PoolAxis;
using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;

struct Bench {
  std::array<std::optional<PoolAxis>, 2> axes;
  int lanes = 1;
  std::unique_ptr<Operation> operation;
  Pass* pass = nullptr;    // the operation, where it is one
  Gated* gated = nullptr;  // the same
  std::vector<float> x, uniform, dy, dx;
};

Bench& bench() {
  static Bench only;
  return only;
}

void use(std::unique_ptr<Operation> operation) {
  bench().pass = nullptr;
  bench().gated = nullptr;
  const PoolGeometry& g = operation->geometry();
  const int border = operation->border_before() + operation->border_after();
  const auto lanes = static_cast<size_t>(operation->lanes());
  const size_t inputs = static_cast<size_t>((g.y.in() - border) * (g.x.in() - border)) * lanes;
  bench().x.assign(inputs, 0.f);
  bench().dx.assign(inputs, 0.f);
  bench().dy.assign(operation->output().size(), 0.f);
  bench().uniform.assign(operation->output().size(), 0.f);
  bench().operation = std::move(operation);
}

PoolGeometry geometry() { return PoolGeometry(*bench().axes[0], *bench().axes[1]); }

void use_reducer(PoolOp op) {
  auto pass = std::make_unique<Pass>(std::move(op), geometry(), bench().lanes);
  Pass* const used = pass.get();
  use(std::move(pass));
  bench().pass = used;
}

// Windows that `draw` decides over.
void draw_windows(int direction, const FractionalSize& size, FractionalRegions regions,
                  FractionalSequence sequence, const kernels::FractionalDraw& draw) {
  const auto [next, reach] = kernels::reach_of(regions, size.kernel);
  std::vector<int32_t> edges(static_cast<size_t>(size.out + next));
  kernels::draw_edges(size, regions, sequence, draw, edges.data(), 1);
  std::vector<Range> windows;
  for (size_t o = 0; o < static_cast<size_t>(size.out); ++o) {
    windows.push_back({edges[o], edges[o + static_cast<size_t>(next)] + reach});
  }
  bench().axes[static_cast<size_t>(direction)] = PoolAxis::of(size.in, windows);
}

const PoolAxis& axis_of(int direction) {
  const PoolGeometry& g = bench().operation->geometry();
  return direction == 0 ? g.y : g.x;
}

uint64_t seed_of(uint32_t low, uint32_t high) { return uint64_t{high} << 32 | low; }

}  // namespace

// The master formula, and what speaks against a window: a number of WindowFault.
WEIR_EXPORT(window_output)
(int in, int kernel, int stride, int pad, int dilation, bool ceil_mode)->int {
  return Axis{in, kernel, stride, pad, dilation, ceil_mode}.out();
}
WEIR_EXPORT(window_fault)
(int in, int kernel, int stride, int pad, int dilation, bool ceil_mode)->int {
  return static_cast<int>(fault_of({in, kernel, stride, pad, dilation, ceil_mode}));
}
WEIR_EXPORT(first_blind_window)
(int in, int kernel, int stride, int pad, int dilation, bool ceil_mode)->int {
  return weir::first_blind_window({in, kernel, stride, pad, dilation, ceil_mode});
}
// regions: a number of FractionalRegions.
WEIR_EXPORT(fractional_suits)(int in, int out, int kernel, int regions)->bool {
  return FractionalSize{in, out, kernel}.suits(static_cast<FractionalRegions>(regions));
}

// The windows of one direction.
WEIR_EXPORT(slide)
(int direction, int in, int kernel, int stride, int pad, int dilation, bool ceil_mode)->void {
  bench().axes[static_cast<size_t>(direction)] =
      PoolAxis(Axis{in, kernel, stride, pad, dilation, ceil_mode});
}
WEIR_EXPORT(adapt)(int direction, int in, int out)->void {
  bench().axes[static_cast<size_t>(direction)] = PoolAxis::adaptive(in, out);
}
WEIR_EXPORT(draw)
(int direction, int in, int out, int kernel, int regions, int sequence, uint32_t seed_low,
 uint32_t seed_high)
    ->void {
  const auto draws = kernels::draws_of({.seed = seed_of(seed_low, seed_high)}, 0, 0);
  draw_windows(direction, {in, out, kernel}, static_cast<FractionalRegions>(regions),
               static_cast<FractionalSequence>(sequence), direction == 0 ? draws.y : draws.x);
}
WEIR_EXPORT(draw_at)(int direction, int in, int out, int kernel, int regions, float u)->void {
  draw_windows(direction, {in, out, kernel}, static_cast<FractionalRegions>(regions),
               FractionalSequence::kPseudorandom, {.u = u});
}
// Numbers at each pixel: maps that are pooled side by side.
WEIR_EXPORT(set_lanes)(int lanes)->void { bench().lanes = lanes; }

WEIR_EXPORT(use_max)()->void { use_reducer({.kind = PoolKind::kMax}); }
// divisor 0: that of the window.
WEIR_EXPORT(use_average)(bool count_include_pad, int divisor)->void {
  use_reducer({.kind = PoolKind::kAvg, .count_include_pad = count_include_pad, .divisor = divisor});
}
WEIR_EXPORT(use_norm)(float p, bool is_sum, bool absolute)->void {
  use_reducer({.kind = PoolKind::kLp,
               .p = p,
               .scale = is_sum ? kernels::LpScale::kSum : kernels::LpScale::kMean,
               .absolute = absolute});
}
// sigma 0: a quarter of the kernel's side.
WEIR_EXPORT(use_gaussian_norm)(float p, float sigma, bool absolute)->void {
  const PoolGeometry g = geometry();
  const auto given = sigma > 0 ? std::optional(sigma) : std::nullopt;
  use_reducer({.kind = PoolKind::kLp,
               .p = p,
               .scale = kernels::LpScale::kWeighted,
               .absolute = absolute,
               .weights = kernels::gaussian_weights(g.y.kernel(), g.x.kernel(), given)});
}
WEIR_EXPORT(use_gem)(float p, float eps)->void {
  use_reducer({.kind = PoolKind::kLp, .p = p, .floor = eps});
}
WEIR_EXPORT(use_log_sum_exp)(float beta)->void {
  use_reducer({.kind = PoolKind::kLogSumExp, .beta = beta});
}
WEIR_EXPORT(use_soft)(float beta)->void { use_reducer({.kind = PoolKind::kSoft, .beta = beta}); }
WEIR_EXPORT(use_stochastic)(bool softmax)->void {
  use_reducer({.kind = PoolKind::kStochastic, .softmax = softmax});
}
WEIR_EXPORT(use_stochastic_mean)()->void { use_reducer({.kind = PoolKind::kStochasticMean}); }
// A convolution of one channel. Returns its filter, row by row, to be filled.
WEIR_EXPORT(use_filter)()->float* {
  const auto taps = static_cast<size_t>(geometry().taps());
  use_reducer({.kind = PoolKind::kWeighted, .weights = std::vector<float>(taps)});
  return bench().pass->weights().data();
}
WEIR_EXPORT(use_mixture)(float share)->void {
  use(std::make_unique<Mixture>(share, geometry(), bench().lanes));
}
// Returns the filter of the gate, row by row, to be filled.
WEIR_EXPORT(use_gated)()->float* {
  auto gated = std::make_unique<Gated>(geometry(), bench().lanes);
  Gated* const used = gated.get();
  use(std::move(gated));
  bench().gated = used;
  return used->weights().data();
}
WEIR_EXPORT(use_scaled_average)(float weight, float bias)->void {
  use(std::make_unique<ScaledAverage>(weight, bias, geometry(), bench().lanes));
}
// These two set their own windows.
WEIR_EXPORT(use_blur)(int h, int w, int filter_size, int stride)->void {
  use(std::make_unique<MirroredBlur>(h, w, filter_size, stride, bench().lanes));
}
WEIR_EXPORT(use_max_blur)(int h, int w, int kernel, int filter_size, int stride)->void {
  use(std::make_unique<MaxBlur>(h, w, kernel, filter_size, stride, bench().lanes));
}

// Arrays of the pooling in use: [row][column][lane].
WEIR_EXPORT(input)()->float* { return bench().x.data(); }
WEIR_EXPORT(uniform)()->float* { return bench().uniform.data(); }
WEIR_EXPORT(upstream)()->float* { return bench().dy.data(); }
WEIR_EXPORT(input_gradient)()->float* { return bench().dx.data(); }
WEIR_EXPORT(output)()->const float* { return bench().operation->output().data(); }

// The random numbers of a training step: `weir pool --seed` has the same.
WEIR_EXPORT(fill_uniform)(uint32_t seed_low, uint32_t seed_high)->void {
  const kernels::UniformStream stream{.seed = seed_of(seed_low, seed_high)};
  for (uint32_t pixel = 0; pixel < bench().uniform.size(); ++pixel) {
    kernels::fill_uniform_pixel(stream, pixel, 0, {&bench().uniform[pixel], 1});
  }
}
WEIR_EXPORT(forward)()->void {
  bench().operation->forward(bench().x.data(), bench().uniform.data());
}
WEIR_EXPORT(backward)()->void { bench().operation->backward(bench().dy.data(), bench().dx.data()); }

// y * W + x of the input that won; -1: no single one.
WEIR_EXPORT(winner)(int output)->int { return bench().operation->winner(output); }
WEIR_EXPORT(border_before)()->int { return bench().operation->border_before(); }
WEIR_EXPORT(border_source)(int direction, int position)->int {
  const Operation& operation = *bench().operation;
  return direction == 0 ? operation.row_source(position) : operation.column_source(position);
}

// Window number `output` of a direction. Positions count from the first cell of the border.
WEIR_EXPORT(output_size)(int direction)->int { return axis_of(direction).out(); }
WEIR_EXPORT(tap_distance)(int direction)->int { return axis_of(direction).step(); }
WEIR_EXPORT(first_tap)(int direction, int output)->int {
  return axis_of(direction).span(output).first_tap;
}
WEIR_EXPORT(first_input)(int direction, int output)->int {
  return axis_of(direction).span(output).first_input;
}
WEIR_EXPORT(taps_inside)(int direction, int output)->int {
  return axis_of(direction).span(output).taps;
}
WEIR_EXPORT(taps_padded)(int direction, int output)->int {
  return axis_of(direction).span(output).padded;
}
// What average pooling divides by.
WEIR_EXPORT(divisor)(int row, int column)->float {
  const PoolGeometry& g = bench().operation->geometry();
  const kernels::HWY_NAMESPACE::AvgReducer reducer(bench().pass->op());
  return reducer.divisor(kernels::HWY_NAMESPACE::count_of(g, row, column));
}

// Of gated pooling, after forward(): the share of the maximum.
WEIR_EXPORT(gate)(int output)->float { return bench().gated->gate(output); }
// Of the taps of a Gaussian norm, row by row.
WEIR_EXPORT(weights)()->const float* { return bench().pass->weights().data(); }

WEIR_EXPORT(grid_count)()->int { return static_cast<int>(kBuiltInGrids.size()); }
WEIR_EXPORT(grid_name)(int i)->const char* { return kBuiltInGrids[static_cast<size_t>(i)].name; }
WEIR_EXPORT(grid_rows)(int i)->const char* { return kBuiltInGrids[static_cast<size_t>(i)].rows; }

}  // namespace weir::web
