#include "core/functions/fractional_max_pool2d.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/kernels/fractional_pool.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

using kernels::FractionalAxis;
using kernels::FractionalDraw;
using kernels::FractionalDraws;
using kernels::FractionalGeometry;
using kernels::FractionalSize;

void require_fits(std::string_view direction, const FractionalSize& size,
                  FractionalRegions regions) {
  require(size.out > 0, "[fractional_max_pool2d] {}: an input of {} leaves no output", direction,
          size.in);
  if (regions == FractionalRegions::kFixed) {
    require(size.suits(regions),
            "[fractional_max_pool2d] {}: expected a kernel_size of at least 1 and output + "
            "kernel_size - 1 of at most the input, got output {}, kernel_size {} on {}",
            direction, size.out, size.kernel, size.in);
  } else {
    require(size.suits(regions),
            "[fractional_max_pool2d] {}: Graham's regions need an input between 1 and 2 times the "
            "output, got {} / {} = {:.4g}",
            direction, size.in, size.out, static_cast<double>(size.in) / size.out);
  }
}

// Height and width.
std::array<FractionalSize, 2> sizes_of(const FractionalMaxPool2dOptions& o, int h, int w) {
  require(o.output_size.has_value() != o.output_ratio.has_value(),
          "[fractional_max_pool2d] expected either output_size or output_ratio, got {}",
          o.output_size ? "both" : "neither");
  const auto size = [&](size_t i, int in) {
    if (o.output_size) return FractionalSize{in, (*o.output_size)[i], o.kernel_size[i]};
    const double ratio = (*o.output_ratio)[i];
    require(ratio > 0 && ratio < 1,
            "[fractional_max_pool2d] output_ratio: expected above 0 and below 1, got {}", ratio);
    return FractionalSize{in, static_cast<int>(in * ratio), o.kernel_size[i]};
  };
  const std::array sizes{size(0, h), size(1, w)};
  require_fits("height", sizes[0], o.regions);
  require_fits("width", sizes[1], o.regions);
  return sizes;
}

void check_samples(const FractionalMaxPool2dOptions& o, const Tensor& x) {
  const Tensor& samples = o.random_samples;
  const Shape shape = o.shared ? Shape{1, 1, 2} : Shape{x.n(), x.c(), 2};
  require(samples.dtype() == DType::kF32 && !samples.is_images() && samples.shape() == shape,
          "[fractional_max_pool2d] random_samples: expected plain F32 {}, got {}", shape.str(),
          describe(samples));
  require(o.sequence == FractionalSequence::kPseudorandom,
          "[fractional_max_pool2d] random_samples: a random sequence is drawn from the seed, not "
          "from samples");
  for (int64_t i = 0; i < samples.numel(); ++i) {
    const float u = samples.data()[i];
    require(u >= 0 && u < 1,
            "[fractional_max_pool2d] random_samples: expected at least 0 and below 1, got {} at {}",
            u, i);
  }
}

FractionalDraws given(const Tensor& samples, int64_t lane) {
  const float* pair = samples.data() + lane * 2;
  return {.y = {.u = pair[1]}, .x = {.u = pair[0]}};
}

FractionalGeometry geometry_of(const FractionalMaxPool2dOptions& o, const Tensor& x) {
  const auto [height, width] = sizes_of(o, x.h(), x.w());
  if (o.random_samples.defined()) check_samples(o, x);
  require(o.layer < 1u << 24, "[fractional_max_pool2d] layer: expected below 2^24, got {}",
          o.layer);
  const kernels::UniformStream stream{.seed = o.seed, .step = o.step, .layer = o.layer};
  std::vector<FractionalDraw> y(static_cast<size_t>(x.n()) * static_cast<size_t>(x.c())), in_x(y);
  parallel_ranges(static_cast<int64_t>(y.size()), 1024, [&](int64_t begin, int64_t end) {
    for (int64_t lane = begin; lane < end; ++lane) {
      const int64_t source = o.shared ? 0 : lane;
      const FractionalDraws draws =
          o.random_samples.defined()
              ? given(o.random_samples, source)
              : kernels::draws_of(stream, static_cast<uint32_t>(source / x.c()),
                                  static_cast<uint32_t>(source % x.c()));
      y[static_cast<size_t>(lane)] = draws.y;
      in_x[static_cast<size_t>(lane)] = draws.x;
    }
  });
  return {FractionalAxis(height, o.regions, o.sequence, y, x),
          FractionalAxis(width, o.regions, o.sequence, in_x, x)};
}

}  // namespace

std::array<int, 2> output_size_of(const FractionalMaxPool2dOptions& options, int h, int w) {
  const auto [height, width] = sizes_of(options, h, w);
  return {height.out, width.out};
}

MaxPooled fractional_max_pool2d_with_indices(const Variable& x,
                                             const FractionalMaxPool2dOptions& options) {
  require_images("fractional_max_pool2d", x);
  const Tensor& in = x.value();
  // Shared, because closures are copied.
  auto geometry = std::make_shared<const FractionalGeometry>(geometry_of(options, in));
  const bool recording = records({&x});
  Variable y(Tensor::images(in.n(), in.c(), geometry->y.out(), geometry->x.out(), in.dtype()),
             recording);
  Tensor indices = Tensor::like(y.value(), DType::kI32);
  kernels::fractional_max_forward(*geometry, in, y.value(), indices);
  if (recording) {
    Tape::active()->record(
        "fractional_max_pool2d", y,
        [geometry = std::move(geometry), indices, input = x.without_value()](const Tensor& dy) {
          Tensor dx =
              Tensor::images(dy.n(), dy.c(), geometry->y.in(), geometry->x.in(), dy.dtype());
          kernels::fractional_max_backward(*geometry, indices, dy, dx);
          input.accumulate_grad(dx);
        });
  }
  return {y, indices};
}

Variable fractional_max_pool2d(const Variable& x, const FractionalMaxPool2dOptions& options) {
  return fractional_max_pool2d_with_indices(x, options).y;
}

}  // namespace weir
