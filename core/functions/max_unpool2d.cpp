#include "core/functions/max_unpool2d.h"

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/kernels/max_unpool.h"

namespace weir {
namespace {

int unpooled_size(const MaxUnpool2dOptions& o, size_t axis, std::string_view direction, int in) {
  const int kernel = o.kernel_size[axis], stride = o.stride.value_or(o.kernel_size)[axis];
  const int padding = o.padding[axis];
  require(kernel > 0 && stride > 0 && padding >= 0,
          "[max_unpool2d] {}: expected kernel_size and stride of at least 1 and padding of at "
          "least 0, got kernel_size {}, stride {}, padding {}",
          direction, kernel, stride, padding);
  const int usual = (in - 1) * stride - 2 * padding + kernel;
  const int size = o.output_size ? (*o.output_size)[axis] : usual;
  require(size > usual - stride && size < usual + stride,
          "[max_unpool2d] {}: expected an output_size between {} and {}, less than the stride of "
          "{} away from ({} - 1)*{} - 2*{} + {} = {}; got {}",
          direction, usual - stride + 1, usual + stride - 1, stride, in, stride, padding, kernel,
          usual, size);
  require(size > 0, "[max_unpool2d] {}: the output would have {} pixels; use less padding",
          direction, size);
  return size;
}

// Returns the ranges of valid indices.
std::vector<kernels::IndexRange> checked_ranges(const Tensor& x, const Tensor& indices,
                                                const std::array<int, 2>& size) {
  require(indices.defined() && indices.is_images() && indices.dtype() == DType::kI32 &&
              indices.shape() == x.shape(),
          "[max_unpool2d] indices: expected I32 images {}, as x, got {}", x.shape().str(),
          describe(indices));
  const int64_t pixels = int64_t{size[0]} * size[1];
  std::vector<kernels::IndexRange> ranges = kernels::index_ranges(indices);
  const auto bad = kernels::find_bad_index(indices, ranges, pixels);
  if (!bad) return ranges;
  fail(ErrorKind::kUsage,
       "[max_unpool2d] indices: expected 0 to {} for an output of {} x {}, got {} at image {}, "
       "channel {}, pixel ({}, {}); they belong to a pooling of another map",
       pixels - 1, size[0], size[1], bad->index, bad->n, bad->c, bad->y, bad->x);
}

// Where a pooling with these options found its maxima, if its windows tiled the map of this size.
std::optional<kernels::UnpoolTile> tile_of(const MaxUnpool2dOptions& options, const Tensor& x,
                                           const std::array<int, 2>& size) {
  const kernels::UnpoolTile tile{.h = options.kernel_size[0], .w = options.kernel_size[1]};
  const bool tiles = options.stride.value_or(options.kernel_size) == options.kernel_size &&
                     options.padding == std::array{0, 0} && size[0] == x.h() * tile.h &&
                     size[1] == x.w() * tile.w;
  return tiles ? std::optional(tile) : std::nullopt;
}

}  // namespace

std::array<int, 2> unpooled_size_of(const MaxUnpool2dOptions& options, int h, int w) {
  return {unpooled_size(options, 0, "height", h), unpooled_size(options, 1, "width", w)};
}

Variable max_unpool2d(const Variable& x, const Tensor& indices, const MaxUnpool2dOptions& options) {
  require_images("max_unpool2d", x);
  const Tensor& in = x.value();
  const auto size = unpooled_size_of(options, in.h(), in.w());
  const std::vector<kernels::IndexRange> ranges = checked_ranges(in, indices, size);
  const bool recording = records({&x});
  Variable y(Tensor::images(in.n(), in.c(), size[0], size[1], in.dtype()), recording);
  const std::optional<kernels::UnpoolTile> tile = tile_of(options, in, size);
  kernels::max_unpool_forward(in, indices, ranges, tile, y.value());
  if (recording) {
    Tape::active()->record("max_unpool2d", y,
                           [indices, tile, input = x.without_value()](const Tensor& dy) {
                             Tensor dx = Tensor::like(indices, dy.dtype());
                             kernels::max_unpool_backward(dy, indices, tile, dx);
                             input.accumulate_grad(dx);
                           });
  }
  return y;
}

}  // namespace weir
