#include "core/kernels/conv/lane_rows.h"

#include <algorithm>

#include "core/kernels/gemm/transpose.h"
#include "core/tensor/tensor.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/conv/lane_rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

using Vector = hn::Vec<Wide>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(Wide()));

// Sums that stay in registers: kMostOutputs x kGroup of them, beside a group of rows or vectors.
constexpr int kMostOutputs = HWY_TARGET <= HWY_AVX3 ? 6 : 3;
constexpr int kGroup = HWY_TARGET <= HWY_AVX3 ? 4 : 3;

// Calls body(first, constant count) for pieces of at most kMostOutputs, of nearly equal size.
template <int kCount, class Body>
HWY_INLINE void with_count(int count, int first, Body body) {
  if constexpr (kCount > 1) {
    if (count < kCount) return with_count<kCount - 1>(count, first, body);
  }
  body(first, std::integral_constant<int, kCount>());
}
template <class Body>
HWY_INLINE void for_outputs(int outputs, Body body) {
  const int pieces = (outputs + kMostOutputs - 1) / kMostOutputs;
  for (int piece = 0; piece < pieces; ++piece) {
    const int first = outputs * piece / pieces, end = outputs * (piece + 1) / pieces;
    with_count<kMostOutputs>(end - first, first, body);
  }
}

// kOutputs rows of the result, kVectors vectors from lane `at` on.
template <int kOutputs, int kVectors>
HWY_INLINE void sum_block(const LaneSums& shape, std::span<const LaneTerm> terms, const float* rows,
                          const float* weights, int64_t at, float* result) {
  Vector sums[kOutputs][kVectors];
  for (auto& row : sums) {
    for (Vector& sum : row) sum = hn::Zero(Wide());
  }
  for (const LaneTerm& term : terms) {
    Vector values[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      values[v] = hn::LoadU(Wide(), rows + (shape.first + term.row) + at + v * kLanes);
    }
    for (int k = 0; k < kOutputs; ++k) {
      const Vector weight = hn::Set(Wide(), weights[term.weights + k]);
      for (int v = 0; v < kVectors; ++v) sums[k][v] = hn::MulAdd(weight, values[v], sums[k][v]);
    }
  }
  for (int k = 0; k < kOutputs; ++k) {
    for (int v = 0; v < kVectors; ++v) {
      Lanes<Wide> sum = sums[k][v];
      if (shape.bias) sum = sum + Lanes<Wide>(shape.bias[k]);
      if (shape.relu) sum = select(sum <= Lanes<Wide>(0.f), Lanes<Wide>(0.f), sum);
      sum.store(result + k * shape.result_row + at + v * kLanes);
    }
  }
}

template <int kOutputs>
HWY_NOINLINE void sum_outputs(const LaneSums& shape, std::span<const LaneTerm> terms,
                              const float* rows, const float* weights, float* result) {
  int64_t at = 0;
  for (; at + kGroup * kLanes <= shape.length; at += kGroup * kLanes) {
    sum_block<kOutputs, kGroup>(shape, terms, rows, weights, at, result);
  }
  for (; at + kLanes < shape.length; at += 2 * kLanes) {
    sum_block<kOutputs, 2>(shape, terms, rows, weights, at, result);
  }
  for (; at < shape.length; at += kLanes) {
    sum_block<kOutputs, 1>(shape, terms, rows, weights, at, result);
  }
}

void sum_lane_rows(const LaneSums& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* weights, float* result) {
  for_outputs(shape.outputs, [&](int first, auto count) HWY_ATTR {
    LaneSums part = shape;
    if (shape.bias) part.bias += first;
    sum_outputs<count>(part, terms, rows, weights + first, result + first * shape.result_row);
  });
}

// kGroup terms times kOutputs gradients. At the end of the list a term may be there twice: `live`
// are not.
template <int kOutputs>
HWY_NOINLINE void dot_block(const LaneDots& shape, const LaneTerm* terms, int live,
                            const float* rows, const float* gradients, float* partial) {
  const float* from[kGroup];
  Vector sums[kGroup][kOutputs];
  for (int r = 0; r < kGroup; ++r) {
    const LaneTerm& term = terms[std::min(r, live - 1)];
    from[r] = rows + (shape.first + term.row);
    for (int k = 0; k < kOutputs; ++k) {
      sums[r][k] = hn::LoadU(Wide(), partial + (term.weights + k) * kLaneSlack);
    }
  }
  for (int repeat = 0; repeat < shape.repeats; ++repeat) {
    for (int64_t at = 0; at < shape.length; at += kLanes) {
      Vector values[kGroup];
      for (int r = 0; r < kGroup; ++r) values[r] = hn::LoadU(Wide(), from[r] + at);
      for (int k = 0; k < kOutputs; ++k) {
        const Vector gradient = hn::LoadU(Wide(), gradients + k * shape.gradient_row + at);
        for (int r = 0; r < kGroup; ++r) sums[r][k] = hn::MulAdd(values[r], gradient, sums[r][k]);
      }
    }
    for (const float*& row : from) row += shape.next_row;
    gradients += shape.next_gradients;
  }
  for (int r = 0; r < live; ++r) {
    for (int k = 0; k < kOutputs; ++k) {
      hn::StoreU(sums[r][k], Wide(), partial + (terms[r].weights + k) * kLaneSlack);
    }
  }
}

void dot_lane_rows(const LaneDots& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* gradients, float* partial) {
  for_outputs(shape.outputs, [&](int first, auto count) HWY_ATTR {
    for (size_t r = 0; r < terms.size(); r += kGroup) {
      const int live = static_cast<int>(std::min<size_t>(kGroup, terms.size() - r));
      dot_block<count>(shape, terms.data() + r, live, rows, gradients + first * shape.gradient_row,
                       partial + first * kLaneSlack);
    }
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(sum_lane_rows);
HWY_EXPORT(dot_lane_rows);

}  // namespace

void sum_lane_rows(const LaneSums& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* weights, float* result) {
  HWY_DYNAMIC_DISPATCH(sum_lane_rows)(shape, terms, rows, weights, result);
}

void dot_lane_rows(const LaneDots& shape, std::span<const LaneTerm> terms, const float* rows,
                   const float* gradients, float* partial) {
  HWY_DYNAMIC_DISPATCH(dot_lane_rows)(shape, terms, rows, gradients, partial);
}

// Transposed, the sum is one of whole rows, which compilers turn into vectors.
void fold_lane_dots(const float* partial, int64_t count, float* weights) {
  Tensor lanes = Tensor::empty({kLaneSlack, count});
  transpose({count, kLaneSlack, kLaneSlack, count}, partial, lanes.data());
  std::copy_n(lanes.data(), count, weights);
  for (int lane = 1; lane < kLaneSlack; ++lane) {
    const float* row = lanes.data() + lane * count;
    for (int64_t w = 0; w < count; ++w) weights[w] += row[w];
  }
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
