// Winograd's maps along one axis. Each reads kIn and writes kOut values; the matrices are in the
// comments. The points of F(4) are 0, 1, -1, 2, -2 and infinity, those of F(2) 0, 1, -1, infinity.
#if defined(WEIR_CORE_KERNELS_WINOGRAD_MAPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_WINOGRAD_MAPS_INL_H_
#undef WEIR_CORE_KERNELS_WINOGRAD_MAPS_INL_H_
#else
#define WEIR_CORE_KERNELS_WINOGRAD_MAPS_INL_H_
#endif

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct Four {
  // B^T =  4  0 -5  0  1  0
  //        0 -4 -4  1  1  0
  //        0  4 -4 -1  1  0
  //        0 -2 -1  2  1  0
  //        0  2 -1 -2  1  0
  //        0  4  0 -5  0  1
  struct Input {
    static constexpr int kIn = 6, kOut = 6;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V two(2.f), four(4.f), minus_five(-5.f);
      const V even = fma(-four, in[2], in[4]), odd = fma(-four, in[1], in[3]);
      const V even2 = in[4] - in[2], odd2 = two * (in[3] - in[1]);
      out[0] = fma(four, in[0], fma(minus_five, in[2], in[4]));
      out[1] = even + odd;
      out[2] = even - odd;
      out[3] = even2 + odd2;
      out[4] = even2 - odd2;
      out[5] = fma(four, in[1], fma(minus_five, in[3], in[5]));
    }
  };
  // A^T =  1  1  1  1  1  0
  //        0  1 -1  2 -2  0
  //        0  1  1  4  4  0
  //        0  1 -1  8 -8  1
  struct Output {
    static constexpr int kIn = 6, kOut = 4;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V sum1 = in[1] + in[2], difference1 = in[1] - in[2];
      const V sum2 = in[3] + in[4], difference2 = in[3] - in[4];
      out[0] = in[0] + sum1 + sum2;
      out[1] = fma(V(2.f), difference2, difference1);
      out[2] = fma(V(4.f), sum2, sum1);
      out[3] = fma(V(8.f), difference2, difference1) + in[5];
    }
  };
  struct OutputGradient {
    static constexpr int kIn = 4, kOut = 6;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V even1 = in[0] + in[2], odd1 = in[1] + in[3];
      const V even2 = fma(V(4.f), in[2], in[0]);
      const V odd2 = fma(V(8.f), in[3], V(2.f) * in[1]);
      out[0] = in[0];
      out[1] = even1 + odd1;
      out[2] = even1 - odd1;
      out[3] = even2 + odd2;
      out[4] = even2 - odd2;
      out[5] = in[3];
    }
  };
  // G =   1/4     0     0
  //      -1/6  -1/6  -1/6
  //      -1/6   1/6  -1/6
  //      1/24  1/12   1/6
  //      1/24 -1/12   1/6
  //         0     0     1
  struct Weight {
    static constexpr int kIn = 3, kOut = 6;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V sixth(1.f / 6), twelfth(1.f / 12), twenty_fourth(1.f / 24);
      const V outer = -sixth * (in[0] + in[2]), middle = sixth * in[1];
      const V outer2 = fma(twenty_fourth, in[0], sixth * in[2]), middle2 = twelfth * in[1];
      out[0] = V(0.25f) * in[0];
      out[1] = outer - middle;
      out[2] = outer + middle;
      out[3] = outer2 + middle2;
      out[4] = outer2 - middle2;
      out[5] = in[2];
    }
  };
  struct WeightGradient {
    static constexpr int kIn = 6, kOut = 3;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V sixth(1.f / 6), twelfth(1.f / 12), twenty_fourth(1.f / 24);
      const V sum1 = sixth * (in[1] + in[2]), difference1 = sixth * (in[2] - in[1]);
      const V sum2 = in[3] + in[4], difference2 = in[3] - in[4];
      out[0] = fma(V(0.25f), in[0], fma(twenty_fourth, sum2, -sum1));
      out[1] = fma(twelfth, difference2, difference1);
      out[2] = fma(sixth, sum2, in[5] - sum1);
    }
  };
};

struct Two {
  // B^T =  1  0 -1  0
  //        0  1  1  0
  //        0 -1  1  0
  //        0  1  0 -1
  struct Input {
    static constexpr int kIn = 4, kOut = 4;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      out[0] = in[0] - in[2];
      out[1] = in[1] + in[2];
      out[2] = in[2] - in[1];
      out[3] = in[1] - in[3];
    }
  };
  // A^T =  1  1  1  0
  //        0  1 -1 -1
  struct Output {
    static constexpr int kIn = 4, kOut = 2;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      out[0] = in[0] + in[1] + in[2];
      out[1] = in[1] - in[2] - in[3];
    }
  };
  struct OutputGradient {
    static constexpr int kIn = 2, kOut = 4;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      out[0] = in[0];
      out[1] = in[0] + in[1];
      out[2] = in[0] - in[1];
      out[3] = -in[1];
    }
  };
  // G =    1    0    0
  //      1/2  1/2  1/2
  //      1/2 -1/2  1/2
  //        0    0    1
  struct Weight {
    static constexpr int kIn = 3, kOut = 4;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V half(0.5f), outer = half * (in[0] + in[2]), middle = half * in[1];
      out[0] = in[0];
      out[1] = outer + middle;
      out[2] = outer - middle;
      out[3] = in[2];
    }
  };
  struct WeightGradient {
    static constexpr int kIn = 4, kOut = 3;
    template <class V>
    static HWY_INLINE void apply(const V* in, V* out) {
      const V half(0.5f), sum = half * (in[1] + in[2]);
      out[0] = in[0] + sum;
      out[1] = half * (in[1] - in[2]);
      out[2] = sum + in[3];
    }
  };
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
