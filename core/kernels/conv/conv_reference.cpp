// Convolution as its definition reads, in double precision, one output at a time. It shares no
// index code with the fast kernels: it is their oracle, and the fallback.
//   y[n,k,oy,ox] = bias[k] + sum over c,ty,tx of W[k,c,ty,tx] * x[n, g*Cg+c, oy*s-p+ty*d, ...]
#include "core/kernels/conv/conv2d.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Element (n, c, y, x) of an image tensor.
template <class Images>
auto* at(Images& images, int n, int c, int y, int x) {
  return images.panel(n / images.block(), y, x) + n % images.block() * images.c() + c;
}

// Calls visit(c, oy, ox, iy, ix, index in weight) for everything that output channel k touches.
template <class Visit>
void for_connections(const ConvShape& shape, int k, Visit visit) {
  const Axis &ay = shape.window.y, &ax = shape.window.x;
  const int first_c = k / shape.group_k() * shape.group_c();
  for (int oy = 0; oy < ay.out(); ++oy)
    for (int ox = 0; ox < ax.out(); ++ox)
      for (int c = 0; c < shape.group_c(); ++c)
        for (int ty = 0; ty < ay.kernel; ++ty)
          for (int tx = 0; tx < ax.kernel; ++tx) {
            const int iy = oy * ay.stride - ay.pad + ty * ay.dilation;
            const int ix = ox * ax.stride - ax.pad + tx * ax.dilation;
            if (iy < 0 || iy >= ay.in || ix < 0 || ix >= ax.in) continue;
            const int64_t w =
                ((int64_t{k} * shape.group_c() + c) * ay.kernel + ty) * ax.kernel + tx;
            visit(first_c + c, oy, ox, iy, ix, w);
          }
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  const int images = x.blocks() * x.block();  // the padded rows too: they must be finite
  parallel_for(images, [&](int64_t image) {
    const int n = static_cast<int>(image);
    std::vector<double> map(static_cast<size_t>(y.h()) * static_cast<size_t>(y.w()));
    for (int k = 0; k < shape.k; ++k) {
      map.assign(map.size(), 0.0);
      for_connections(shape, k, [&](int c, int oy, int ox, int iy, int ix, int64_t w) {
        map[static_cast<size_t>(oy * y.w() + ox)] +=
            double{weight.data()[w]} * double{*at(x, n, c, iy, ix)};
      });
      for (int oy = 0; oy < y.h(); ++oy)
        for (int ox = 0; ox < y.w(); ++ox)
          *at(y, n, k, oy, ox) = static_cast<float>(map[static_cast<size_t>(oy * y.w() + ox)]);
    }
  });
  for (int nb = 0; nb < y.blocks(); ++nb) {
    for (int row = 0; row < y.h(); ++row) finish_panels(epilogue, y, nb, row, {0, y.w()});
  }
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const int images = dy.blocks() * dy.block();
  parallel_for(images, [&](int64_t image) {
    const int n = static_cast<int>(image);
    const int64_t area = int64_t{dx.h()} * dx.w();
    std::vector<double> sums(static_cast<size_t>(shape.c * area));
    for (int k = 0; k < shape.k; ++k) {
      for_connections(shape, k, [&](int c, int oy, int ox, int iy, int ix, int64_t w) {
        sums[static_cast<size_t>(c * area + iy * dx.w() + ix)] +=
            double{weight.data()[w]} * double{*at(dy, n, k, oy, ox)};
      });
    }
    for (int c = 0; c < shape.c; ++c)
      for (int iy = 0; iy < dx.h(); ++iy)
        for (int ix = 0; ix < dx.w(); ++ix)
          *at(dx, n, c, iy, ix) =
              static_cast<float>(sums[static_cast<size_t>(c * area + iy * dx.w() + ix)]);
  });
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const int64_t per_channel = int64_t{shape.taps()} * shape.group_c();
  parallel_for(shape.k, [&](int64_t channel) {
    const int k = static_cast<int>(channel);
    std::vector<double> sums(static_cast<size_t>(per_channel));
    for (int n = 0; n < x.n(); ++n) {
      for_connections(shape, k, [&](int c, int oy, int ox, int iy, int ix, int64_t w) {
        sums[static_cast<size_t>(w - k * per_channel)] +=
            double{*at(x, n, c, iy, ix)} * double{*at(dy, n, k, oy, ox)};
      });
    }
    for (int64_t w = 0; w < per_channel; ++w) {
      dweight.data()[k * per_channel + w] = static_cast<float>(sums[static_cast<size_t>(w)]);
    }
  });
}

}  // namespace

const Conv2dKernel kConvReference{
    .name = "reference",
    .accepts = [](const ConvShape&, DType x) { return x == DType::kF32; },
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights};

}  // namespace weir::kernels
