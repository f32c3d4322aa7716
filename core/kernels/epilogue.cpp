#include "core/kernels/epilogue.h"

#include <vector>

#include "core/kernels/dropout_random.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/epilogue.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/dropout-inl.h"
#include "core/kernels/simd-inl.h"

#ifndef WEIR_CORE_KERNELS_EPILOGUE_ONCE
#define WEIR_CORE_KERNELS_EPILOGUE_ONCE
namespace weir::kernels {

// Consecutive rows of panels, and the random numbers of their dropout.
struct EpilogueRows {
  int64_t count, channels;
  const float* bias;
  const uint16_t* random = nullptr;
  int64_t random_stride = 0;
  int threshold = 0;
  float scale = 1.f;
};

// Each includes those before it.
enum class EpilogueStage { kBias, kRelu, kDropout };

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <EpilogueStage kLast>
void finish(const EpilogueRows& rows, float* values) {
  const float* bias = rows.bias;
  const int threshold = rows.threshold;
  const float scale = rows.scale;
  for (int64_t row = 0; row < rows.count; ++row, values += rows.channels) {
    const uint16_t* random = rows.random + row * rows.random_stride;
    for_lanes(0, rows.channels, [=]<class D>(D, int64_t c) HWY_ATTR {
      using V = Lanes<D>;
      V value = V::load(values + c) + V::load(bias + c);
      if constexpr (kLast >= EpilogueStage::kRelu) value = select(value <= V(0.f), V(0.f), value);
      if constexpr (kLast >= EpilogueStage::kDropout) {
        value = keep_or_drop(value, random + c, threshold, scale);
      }
      value.store(values + c);
    });
  }
}

void finish_rows(const EpilogueRows& rows, EpilogueStage last, float* values) {
  switch (last) {
    case EpilogueStage::kBias:
      return finish<EpilogueStage::kBias>(rows, values);
    case EpilogueStage::kRelu:
      return finish<EpilogueStage::kRelu>(rows, values);
    case EpilogueStage::kDropout:
      return finish<EpilogueStage::kDropout>(rows, values);
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(finish_rows);

void finish_with_dropout(const DropoutStream& stream, EpilogueRows rows, Tensor& images, int nb,
                         int y, Range columns) {
  DropoutRandom random(stream, images);
  rows.count = images.block();
  rows.random_stride = random.stride();
  rows.threshold = stream.threshold();
  rows.scale = stream.scale();
  for (int x = columns.begin; x < columns.end; ++x) {
    rows.random = random.draw_panel(int64_t{nb} * images.block(), int64_t{y} * images.w() + x);
    HWY_DYNAMIC_DISPATCH(finish_rows)
    (rows, EpilogueStage::kDropout, images.panel(nb, y, x));
  }
}

}  // namespace

void finish_panels(const Epilogue& epilogue, Tensor& images, int nb, int y, Range columns) {
  if (!epilogue.bias && !epilogue.relu) return;
  std::vector<float> zeros;
  if (!epilogue.bias) zeros.resize(static_cast<size_t>(images.c()));
  const EpilogueRows rows{.count = int64_t{columns.size()} * images.block(),
                          .channels = images.c(),
                          .bias = epilogue.bias ? epilogue.bias : zeros.data()};
  if (epilogue.dropout) {
    return finish_with_dropout(*epilogue.dropout, rows, images, nb, y, columns);
  }
  HWY_DYNAMIC_DISPATCH(finish_rows)
  (rows, epilogue.relu ? EpilogueStage::kRelu : EpilogueStage::kBias,
   images.panel(nb, y, columns.begin));
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
