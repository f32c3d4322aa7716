#include "core/kernels/pool.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/kernels/cast.h"
#include "core/kernels/channel_sum.h"
#include "core/kernels/past_caches.h"
#include "core/kernels/pool/pass.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

PoolLoops loops_of(PoolKind kind) {
  switch (kind) {
    case PoolKind::kMax:
    case PoolKind::kAvg:
    case PoolKind::kWeighted:
      return plain_pool_loops();
    case PoolKind::kLp:
    case PoolKind::kLpSlope:
      return lp_pool_loops();
    case PoolKind::kLogSumExp:
    case PoolKind::kSoft:
    case PoolKind::kStochastic:
    case PoolKind::kStochasticMean:
      return exp_pool_loops();
  }
  fail(ErrorKind::kInternal, "pooling has no loops for kind {}", static_cast<int>(kind));
}

int64_t parts_of(int64_t whole, int64_t part) { return (whole + part - 1) / part; }

// How the lanes of a panel are cut: into `count` slices of `lanes` each, the last one shorter.
struct Slices {
  int64_t count, lanes;
};
Slices cut_lanes(int64_t panel, int64_t count) {
  constexpr int64_t kGroup = 64;  // whole groups of registers
  const int64_t most = std::max<int64_t>(panel / kGroup, 1);
  const int64_t lanes = parts_of(parts_of(panel, std::min(count, most)), kGroup) * kGroup;
  return {parts_of(panel, lanes), lanes};
}

// Rows are the pieces; where there are fewer than threads, such as the single row of global
// pooling, lanes are divided too. Not by more than needed: whole blocks are one run of memory. No
// lane knows of another, so the cut is in no result.
Slices slices_of(int64_t rows, int64_t panel) {
  constexpr int64_t kFewestPieces = 4;
  return cut_lanes(panel, parts_of(std::max<int64_t>(threads(), kFewestPieces), rows));
}

// Where windows overlap, the rows of x that a row of y looks at should wait for the next one in the
// second-level cache.
Slices forward_slices(const PoolGeometry& g, const Tensor& x, const Tensor& y) {
  constexpr int64_t kCache = 640 << 10, kFewest = 512;
  const Slices usual = slices_of(int64_t{y.blocks()} * y.h(), x.panel_size());
  if (g.y.covers(g.y.in() / 2).size() <= 1) return usual;
  const int64_t row = g.x.in() * x.panel_size() * static_cast<int64_t>(size_of(x.dtype()));
  const int64_t cuts = std::min(parts_of(g.y.kernel() * row, kCache), x.panel_size() / kFewest);
  return cut_lanes(x.panel_size(), std::max(usual.count, cuts));
}

// Calls body(block number, piece) in parallel, the rows of a slice in order.
template <class Body>
void for_pieces(const Tensor& written, const Slices& slices, Body body) {
  const int64_t rows = written.h(), panel = written.panel_size();
  parallel_for(written.blocks() * slices.count * rows, [&](int64_t item) {
    const int64_t begin = item / rows % slices.count * slices.lanes;
    body(static_cast<int>(item / rows / slices.count),
         PoolPiece{.row = static_cast<int>(item % rows),
                   .lane_begin = begin,
                   .lane_end = std::min(begin + slices.lanes, panel)});
  });
}

void forward_simd(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                  Tensor& notes) {
  const PoolPass pass{
      op, geometry, {&x, &y, &notes, &op.uniform, nullptr, nullptr}, goes_past_caches(x, y)};
  const PoolLoop forward = loops_of(op.kind).forward;
  for_pieces(y, forward_slices(geometry, x, y),
             [&](int nb, const PoolPiece& piece) { forward(pass, nb, piece); });
}

void backward_simd(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                   const Tensor& dy, Tensor& dx) {
  const PoolPass pass{
      op, geometry, {&kept.x, &kept.y, &kept.notes, nullptr, &dy, &dx}, goes_past_caches(dy, dx)};
  const PoolLoop backward = loops_of(op.kind).backward;
  for_pieces(dx, slices_of(int64_t{dx.blocks()} * dx.h(), dx.panel_size()),
             [&](int nb, const PoolPiece& piece) { backward(pass, nb, piece); });
}

// A piece of `images` that lies in one run of memory.
struct StoredPiece {
  int nb;
  PoolPiece piece;
  int64_t end;  // the first number behind it
};

// The one that begins at number `begin`, up to `end`: some lanes of a pixel, or pixels of a row, as
// many as stay in the nearest cache until they are added up.
StoredPiece piece_from(const Tensor& images, int64_t begin, int64_t end) {
  constexpr int64_t kTogether = 8192;
  const int64_t panel = images.panel_size(), pixel = begin / panel, lane = begin % panel;
  const auto row = static_cast<int>(pixel / images.w()),
             column = static_cast<int>(pixel % images.w());
  const int64_t whole = lane == 0 ? std::min(end - begin, kTogether) / panel : 0;
  const int count = static_cast<int>(std::clamp<int64_t>(whole, 1, images.w() - column));
  const int64_t stop = std::min((pixel + count) * panel, end);
  return {.nb = row / images.h(),
          .piece = {.row = row % images.h(),
                    .lane_begin = lane,
                    .lane_end = std::min(stop - pixel * panel, panel),
                    .column_begin = column,
                    .column_end = column + count},
          .end = stop};
}

// The reference computes in floats: BF16 tensors are widened before it and rounded after it.
Tensor as_floats(const Tensor& tensor) {
  if (!tensor.defined() || tensor.dtype() == DType::kF32) return tensor;
  Tensor floats = Tensor::like(tensor, DType::kF32);
  cast(tensor, floats);
  return floats;
}

void forward_reference(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
                       Tensor& notes) {
  const Tensor in = as_floats(x), out = Tensor::like(y, DType::kF32);
  const PoolPass pass{op, geometry, {&in, &out, &notes, &op.uniform, nullptr, nullptr}};
  for (int nb = 0; nb < y.blocks(); ++nb) pool_forward_reference(pass, nb);
  cast(out, y);
}

void backward_reference(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                        const Tensor& dy, Tensor& dx) {
  const Tensor x = as_floats(kept.x), y = as_floats(kept.y), upstream = as_floats(dy);
  const Tensor out = Tensor::like(dx, DType::kF32);
  const PoolPass pass{op, geometry, {&x, &y, &kept.notes, nullptr, &upstream, &out}};
  for (int nb = 0; nb < dx.blocks(); ++nb) pool_backward_reference(pass, nb);
  cast(out, dx);
}

}  // namespace

PoolKept pool_keep(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x,
                   const Tensor& y) {
  const PoolNeeds needs = pool_needs(op);
  PoolKept kept;
  if (needs.x || (op.after_relu && needs.notes != PoolNotes::kWinner)) kept.x = x;
  if (needs.y) kept.y = y;
  const DType winner = geometry.taps() <= kByteTaps ? DType::kU8 : DType::kI32;
  const DType type = needs.notes == PoolNotes::kWinner ? winner : DType::kF32;
  if (needs.notes != PoolNotes::kNone) {
    kept.notes = Tensor::images(y.n(), y.c(), std::max(needs.numbers, 1) * y.h(), y.w(), type);
  }
  return kept;
}

std::span<const PoolKernel> pool_kernels() {
  static constexpr std::array<PoolKernel, 2> kKernels{
      {{"simd", forward_simd, backward_simd},
       {"reference", forward_reference, backward_reference}}};
  return kKernels;
}

void pool_row(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
              Tensor& notes, int nb, int row) {
  const PoolPass pass{op, geometry, {&x, &y, &notes, &op.uniform, nullptr, nullptr}};
  loops_of(op.kind).forward(pass, nb, {.row = row, .lane_begin = 0, .lane_end = y.panel_size()});
}

Tensor pool_backward_and_sum(const PoolOp& op, const PoolGeometry& geometry, const PoolKept& kept,
                             const Tensor& dy, Tensor& dx) {
  const PoolPass pass{op, geometry, {&kept.x, &kept.y, &kept.notes, nullptr, &dy, &dx}};
  const PoolLoop backward = loops_of(op.kind).backward;
  return channel_sum(dx, [&](int64_t begin, int64_t end, std::span<float> sums) {
    for (int64_t at = begin, next; at < end; at = next) {
      const StoredPiece run = piece_from(dx, at, end);
      next = run.end;
      backward(pass, run.nb, run.piece);
      add_to_channels(dx, at, next, begin, sums);
    }
  });
}

}  // namespace weir::kernels
