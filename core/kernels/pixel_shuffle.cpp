#include "core/kernels/pixel_shuffle.h"

#include <vector>

#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/pixel_shuffle.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// A panel of the deep image is the panels of its square of pixels, interleaved: number i of wide's
// k-th panel is number i * count + k there. Bits are moved, whatever they mean.
template <class Bits>
void interleave(const Bits* const* wide, int64_t count, int64_t panel, Bits* deep) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  if (count == 4) {
    const hn::ScalableTag<Bits> d;
    const auto step = static_cast<int64_t>(hn::Lanes(d));
    for (; i + step <= panel; i += step) {
      hn::StoreInterleaved4(hn::LoadU(d, wide[0] + i), hn::LoadU(d, wide[1] + i),
                            hn::LoadU(d, wide[2] + i), hn::LoadU(d, wide[3] + i), d, deep + i * 4);
    }
  }
#endif
  for (; i < panel; ++i) {
    for (int64_t k = 0; k < count; ++k) deep[i * count + k] = wide[k][i];
  }
}

template <class Bits>
void deinterleave(const Bits* deep, int64_t count, int64_t panel, Bits* const* wide) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  if (count == 4) {
    const hn::ScalableTag<Bits> d;
    const auto step = static_cast<int64_t>(hn::Lanes(d));
    for (; i + step <= panel; i += step) {
      hn::Vec<decltype(d)> a, b, c, e;
      hn::LoadInterleaved4(d, deep + i * 4, a, b, c, e);
      hn::StoreU(a, d, wide[0] + i);
      hn::StoreU(b, d, wide[1] + i);
      hn::StoreU(c, d, wide[2] + i);
      hn::StoreU(e, d, wide[3] + i);
    }
  }
#endif
  for (; i < panel; ++i) {
    for (int64_t k = 0; k < count; ++k) wide[k][i] = deep[i * count + k];
  }
}

void interleave_words(const uint32_t* const* wide, int64_t count, int64_t panel, uint32_t* deep) {
  interleave(wide, count, panel, deep);
}
void interleave_halves(const uint16_t* const* wide, int64_t count, int64_t panel, uint16_t* deep) {
  interleave(wide, count, panel, deep);
}
void deinterleave_words(const uint32_t* deep, int64_t count, int64_t panel, uint32_t* const* wide) {
  deinterleave(deep, count, panel, wide);
}
void deinterleave_halves(const uint16_t* deep, int64_t count, int64_t panel,
                         uint16_t* const* wide) {
  deinterleave(deep, count, panel, wide);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(interleave_words);
HWY_EXPORT(interleave_halves);
HWY_EXPORT(deinterleave_words);
HWY_EXPORT(deinterleave_halves);

void interleave(const uint32_t* const* wide, int64_t count, int64_t panel, uint32_t* deep) {
  HWY_DYNAMIC_DISPATCH(interleave_words)(wide, count, panel, deep);
}
void interleave(const uint16_t* const* wide, int64_t count, int64_t panel, uint16_t* deep) {
  HWY_DYNAMIC_DISPATCH(interleave_halves)(wide, count, panel, deep);
}
void deinterleave(const uint32_t* deep, int64_t count, int64_t panel, uint32_t* const* wide) {
  HWY_DYNAMIC_DISPATCH(deinterleave_words)(deep, count, panel, wide);
}
void deinterleave(const uint16_t* deep, int64_t count, int64_t panel, uint16_t* const* wide) {
  HWY_DYNAMIC_DISPATCH(deinterleave_halves)(deep, count, panel, wide);
}

// Calls body(panel of deep, panels of its square in wide) for every pixel of deep, in parallel.
// Tensors are read as unsigned integers as large as their elements.
template <class Bits, class Body>
void for_squares(int factor, const Tensor& wide, const Tensor& deep, Body body) {
  const int rows = deep.h();
  const auto panel_of = [](const Tensor& images, int nb, int y, int x) {
    const int64_t pixel = (int64_t{nb} * images.h() + y) * images.w() + x;
    const auto* first = reinterpret_cast<const Bits*>(images.data<std::byte>());
    return const_cast<Bits*>(first) + pixel * images.panel_size();  // body knows which one it reads
  };
  parallel_for(int64_t{deep.blocks()} * rows, [&](int64_t item) {
    const int nb = static_cast<int>(item / rows), y = static_cast<int>(item % rows);
    std::vector<Bits*> square(static_cast<size_t>(factor * factor));
    for (int x = 0; x < deep.w(); ++x) {
      for (int k = 0; k < factor * factor; ++k) {
        square[static_cast<size_t>(k)] =
            panel_of(wide, nb, y * factor + k / factor, x * factor + k % factor);
      }
      body(panel_of(deep, nb, y, x), square.data());
    }
  });
}

template <class Body>
void with_bits(DType type, Body body) {
  if (size_of(type) == 2) {
    body(uint16_t());
  } else {
    body(uint32_t());
  }
}

}  // namespace

void pixel_unshuffle(int factor, const Tensor& wide, Tensor& deep) {
  with_bits(wide.dtype(), [&]<class Bits>(Bits) {
    for_squares<Bits>(factor, wide, deep, [&](Bits* to, Bits* const* from) {
      interleave(from, int64_t{factor} * factor, wide.panel_size(), to);
    });
  });
}

void pixel_shuffle(int factor, const Tensor& deep, Tensor& wide) {
  with_bits(deep.dtype(), [&]<class Bits>(Bits) {
    for_squares<Bits>(factor, wide, deep, [&](const Bits* from, Bits* const* to) {
      deinterleave(from, int64_t{factor} * factor, wide.panel_size(), to);
    });
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
