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
  FloatRows from;
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

template <EpilogueStage kLast, class T>
void finish(const EpilogueRows& rows, T* to) {
  const float *from = rows.from.first, *bias = rows.bias;
  const int threshold = rows.threshold;
  const float scale = rows.scale;
  for (int64_t row = 0; row < rows.count; ++row) {
    const uint16_t* random = rows.random + row * rows.random_stride;
    for_lanes(0, rows.channels, [=]<class D>(D, int64_t c) HWY_ATTR {
      using V = Lanes<D>;
      V value = V::load(from + c) + V::load(bias + c);
      if constexpr (kLast >= EpilogueStage::kRelu) value = select(value <= V(0.f), V(0.f), value);
      if constexpr (kLast >= EpilogueStage::kDropout) {
        value = keep_or_drop(value, random + c, threshold, scale);
      }
      value.store(to + c);
    });
    from += rows.from.distance;
    to += rows.channels;
  }
}

template <class T>
void finish_until(EpilogueStage last, const EpilogueRows& rows, T* to) {
  switch (last) {
    case EpilogueStage::kBias:
      return finish<EpilogueStage::kBias>(rows, to);
    case EpilogueStage::kRelu:
      return finish<EpilogueStage::kRelu>(rows, to);
    case EpilogueStage::kDropout:
      return finish<EpilogueStage::kDropout>(rows, to);
  }
}

// Into the images, from panel number `panel` on.
void finish_rows(EpilogueStage last, const EpilogueRows& rows, Tensor& images, int64_t panel) {
  with_storage(images.dtype(), [&]<class T>(T) {
    finish_until(last, rows, images.data<T>() + panel * images.panel_size());
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(finish_rows);

void finish_with_dropout(const DropoutStream& stream, EpilogueRows rows, Tensor& images,
                         int64_t first_panel) {
  DropoutRandom random(stream, images);
  const int64_t panels = rows.count / images.block(), pixels = int64_t{images.h()} * images.w();
  rows.count = images.block();
  rows.random_stride = random.stride();
  rows.threshold = stream.threshold();
  rows.scale = stream.scale();
  for (int64_t panel = first_panel; panel < first_panel + panels; ++panel) {
    rows.random = random.draw_panel(panel / pixels * images.block(), panel % pixels);
    HWY_DYNAMIC_DISPATCH(finish_rows)(EpilogueStage::kDropout, rows, images, panel);
    rows.from.first += images.block() * rows.from.distance;
  }
}

void write_panels(const Epilogue& epilogue, FloatRows from, Tensor& images, int nb, int y,
                  Range columns) {
  std::vector<float> nothing;  // unlike 0, -0 changes no number it is added to
  if (!epilogue.bias) nothing.assign(static_cast<size_t>(images.c()), -0.f);
  const EpilogueRows rows{.from = from,
                          .count = int64_t{columns.size()} * images.block(),
                          .channels = images.c(),
                          .bias = epilogue.bias ? epilogue.bias : nothing.data()};
  const int64_t panel = (int64_t{nb} * images.h() + y) * images.w() + columns.begin;
  if (epilogue.dropout) return finish_with_dropout(*epilogue.dropout, rows, images, panel);
  HWY_DYNAMIC_DISPATCH(finish_rows)
  (epilogue.relu ? EpilogueStage::kRelu : EpilogueStage::kBias, rows, images, panel);
}

}  // namespace

void finish_panels(const Epilogue& epilogue, FloatRows from, Tensor& images, int nb, int y,
                   Range columns) {
  write_panels(epilogue, from, images, nb, y, columns);
  epilogue.tell(nb, y, columns);
}

void finish_panels(const Epilogue& epilogue, Tensor& images, int nb, int y, Range columns) {
  if (epilogue.bias || epilogue.relu) {
    const FloatRows in_place{images.panel(nb, y, columns.begin), images.c()};
    write_panels(epilogue, in_place, images, nb, y, columns);
  }
  epilogue.tell(nb, y, columns);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
