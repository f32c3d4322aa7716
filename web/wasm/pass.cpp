#include "web/wasm/pass.h"

#include <utility>

#include "core/kernels/pool/kinds-inl.h"
#include "core/kernels/pool/loops-inl.h"

namespace weir::web {
namespace {

namespace simd = kernels::HWY_NAMESPACE;  // the one instruction set of WebAssembly

// All but the derivative in p, which the page does not show.
using Reducers = simd::ReducerList<simd::MaxReducer, simd::AvgReducer, simd::WeightedReducer,
                                   simd::LpReducer, simd::LogSumExpReducer, simd::SoftReducer,
                                   simd::StochasticReducer, simd::StochasticMeanReducer>;

}  // namespace

Pass::Pass(kernels::PoolOp op, kernels::PoolGeometry geometry, int lanes)
    : op_(std::move(op)),
      geometry_(std::move(geometry)),
      lanes_(lanes),
      y_(static_cast<size_t>(geometry_.y.out() * geometry_.x.out() * lanes)),
      winners_(y_.size()) {
  Reducers::with(op_, [&]<class R>(R) {
    if constexpr (R::kNotes == kernels::PoolNotes::kNumbers)
      numbers_.resize(R::kNumbers * y_.size());
  });
}

kernels::PoolBlock<float> Pass::block() {
  return {.panel = lanes_,
          .x = x_,
          .y = y_.data(),
          .winners_wide = winners_.data(),
          .numbers = numbers_.data()};
}

void Pass::forward(const float* x, const float* uniform) {
  x_ = x;
  kernels::PoolBlock<float> all = block();
  all.uniform = uniform;
  Reducers::with(op_, [&](auto reducer) {
    for (int row = 0; row < geometry_.y.out(); ++row) {
      simd::pool_forward_row(geometry_, reducer, all,
                             {.row = row, .lane_begin = 0, .lane_end = lanes_});
    }
  });
}

void Pass::backward(const float* dy, float* dx) {
  kernels::PoolBlock<float> all = block();
  all.dy = dy;
  all.dx = dx;
  Reducers::with(op_, [&](auto reducer) {
    for (int row = 0; row < geometry_.y.in(); ++row) {
      simd::pool_backward_row(geometry_, reducer, all,
                              {.row = row, .lane_begin = 0, .lane_end = lanes_});
    }
  });
}

int Pass::winner(int64_t at) const {
  bool notes_winners = false;
  Reducers::with(op_,
                 [&]<class R>(R) { notes_winners = R::kNotes == kernels::PoolNotes::kWinner; });
  const int32_t tap = winners_[static_cast<size_t>(at)];
  if (!notes_winners || tap >= geometry_.taps()) return -1;
  const int pixel = static_cast<int>(at / lanes_), width = geometry_.x.out();
  const auto position = [](const kernels::PoolAxis& axis, int output, int number) {
    const kernels::PoolSpan& span = axis.span(output);
    return span.first_input + (number - span.first_tap) * axis.step();
  };
  return position(geometry_.y, pixel / width, tap / geometry_.x.kernel()) * geometry_.x.in() +
         position(geometry_.x, pixel % width, tap % geometry_.x.kernel());
}

}  // namespace weir::web
