#include "core/kernels/activation.h"

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/activation.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include <hwy/contrib/math/math-inl.h>

#include "core/kernels/sigmoid-inl.h"
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct Relu {
  template <class V>
  HWY_INLINE V forward(V x) const {
    return select(x <= V(0.f), V(0.f), x);  // in this order NaN stays NaN
  }
  template <class V>
  HWY_INLINE V backward(V y, V dy) const {
    return select(y <= V(0.f), V(0.f), dy);
  }
};

struct LeakyRelu {
  float slope;
  template <class V>
  HWY_INLINE V forward(V x) const {
    return select(x > V(0.f), x, x * V(slope));
  }
  template <class V>
  HWY_INLINE V backward(V x, V dy) const {
    return select(x > V(0.f), dy, dy * V(slope));
  }
};

// gelu(x) = x Phi(x), gelu'(x) = Phi(x) + x phi(x).
// 1 - erf(z) = (a1 t + ... + a5 t^5) exp(-z^2) with t = 1 / (1 + p z) for z >= 0, absolute error at
// most 1.5e-7: Abramowitz, Stegun, Handbook of Mathematical Functions, 1964, formula 7.1.26.
struct Gelu {
  // Phi(x) and exp(-x^2 / 2).
  template <class V>
  struct Normal {
    V cumulative, bell;
  };
  template <class V>
  HWY_INLINE Normal<V> normal(V x) const {
    const V magnitude = abs(x);
    const V bell = exp_negative(V(0.5f) * x * x);
    const V t = V(1.f) / fma(V(0.3275911f * 0.70710678f), magnitude, V(1.f));
    V polynomial = fma(V(1.061405429f), t, V(-1.453152027f));
    polynomial = fma(polynomial, t, V(1.421413741f));
    polynomial = fma(polynomial, t, V(-0.284496736f));
    polynomial = fma(polynomial, t, V(0.254829592f));
    const V tail = V(0.5f) * polynomial * t * bell;  // Phi(-|x|)
    return {select(x > V(0.f), V(1.f) - tail, tail), bell};
  }
  template <class V>
  HWY_INLINE V forward(V x) const {
    return x * normal(x).cumulative;
  }
  template <class V>
  HWY_INLINE V backward(V x, V dy) const {
    constexpr float kInverseSqrtTwoPi = 0.39894228f;
    const Normal<V> at = normal(x);
    return dy * fma(x, at.bell * V(kInverseSqrtTwoPi), at.cumulative);
  }
};

// silu(x) = x s(x), silu'(x) = s(x) (1 + x (1 - s(x))), s the logistic function.
struct Silu {
  template <class V>
  HWY_INLINE V forward(V x) const {
    return x * logistic(x);
  }
  template <class V>
  HWY_INLINE V backward(V x, V dy) const {
    const V s = logistic(x);
    return dy * s * fma(x, V(1.f) - s, V(1.f));
  }
};

struct Tanh {
  template <class V>
  HWY_INLINE V forward(V x) const {
    return select(is_nan(x), x, V(hn::Tanh(typename V::Tag(), x.raw)));  // Highway: tanh(NaN) = 1
  }
  template <class V>
  HWY_INLINE V backward(V y, V dy) const {
    return dy * fma(-y, y, V(1.f));
  }
};

template <class Body>
HWY_INLINE void with_activation(Activation kind, float slope, Body body) {
  switch (kind) {
    case Activation::kRelu:
      return body(Relu());
    case Activation::kLeakyRelu:
      return body(LeakyRelu{slope});
    case Activation::kGelu:
      return body(Gelu());
    case Activation::kSilu:
      return body(Silu());
    case Activation::kTanh:
      return body(Tanh());
    case Activation::kSigmoid:
      return body(Sigmoid());
  }
}

template <class T>
void forward_elements(Activation kind, float slope, const T* x, T* y, int64_t begin, int64_t end) {
  with_activation(kind, slope, [=](auto f) HWY_ATTR {
    for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
      f.forward(Lanes<D>::load(x + i)).store(y + i);
    });
  });
}

template <class T>
void backward_elements(Activation kind, float slope, const T* kept, const T* dy, T* dx,
                       int64_t begin, int64_t end) {
  with_activation(kind, slope, [=](auto f) HWY_ATTR {
    for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
      f.backward(Lanes<D>::load(kept + i), Lanes<D>::load(dy + i)).store(dx + i);
    });
  });
}

void forward_range(Activation kind, float slope, const Tensor& x, Tensor& y, int64_t begin,
                   int64_t end) {
  with_storage(x.dtype(), [&]<class T>(T) HWY_ATTR {
    forward_elements(kind, slope, x.data<T>(), y.data<T>(), begin, end);
  });
}

void backward_range(Activation kind, float slope, const Tensor& kept, const Tensor& dy, Tensor& dx,
                    int64_t begin, int64_t end) {
  with_storage(dy.dtype(), [&]<class T>(T) HWY_ATTR {
    backward_elements(kind, slope, kept.data<T>(), dy.data<T>(), dx.data<T>(), begin, end);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(forward_range);
HWY_EXPORT(backward_range);

std::string_view name_of(Activation kind) {
  switch (kind) {
    case Activation::kRelu:
      return "relu";
    case Activation::kLeakyRelu:
      return "leaky_relu";
    case Activation::kGelu:
      return "gelu";
    case Activation::kSilu:
      return "silu";
    case Activation::kTanh:
      return "tanh";
    case Activation::kSigmoid:
      return "sigmoid";
  }
  return "?";
}

void activation_forward(Activation kind, float slope, const Tensor& x, Tensor& y) {
  parallel_ranges(x.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(forward_range)(kind, slope, x, y, begin, end);
  });
}

void activation_backward(Activation kind, float slope, const Tensor& kept, const Tensor& dy,
                         Tensor& dx) {
  parallel_ranges(dy.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(backward_range)(kind, slope, kept, dy, dx, begin, end);
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
