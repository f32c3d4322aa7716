#include "core/functions/reflection_pad2d.h"

#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/kernels/panel_map.h"

namespace weir {
namespace {

void require_sensible(std::string_view side, int padding, std::string_view size, int in) {
  require(padding >= 0 && padding < in,
          "[reflection_pad2d] {}: expected padding of at least 0 and below the {} of {}, got {}: a "
          "mirror shows no more than the map",
          side, size, in, padding);
}

}  // namespace

Variable reflection_pad2d(const Variable& x, const ReflectionPad2dOptions& padding) {
  require_images("reflection_pad2d", x);
  const Tensor& in = x.value();
  require_sensible("left", padding.left, "width", in.w());
  require_sensible("right", padding.right, "width", in.w());
  require_sensible("top", padding.top, "height", in.h());
  require_sensible("bottom", padding.bottom, "height", in.h());
  kernels::AxisSources rows = kernels::reflected_sources(in.h(), padding.top, padding.bottom);
  kernels::AxisSources columns = kernels::reflected_sources(in.w(), padding.left, padding.right);
  const bool recording = records({&x});
  Variable y(Tensor::images(in.n(), in.c(), static_cast<int>(rows.size()),
                            static_cast<int>(columns.size()), in.dtype()),
             recording);
  kernels::copy_pixels(rows, columns, in, y.value());
  if (recording) {
    Tape::active()->record("reflection_pad2d", y,
                           [rows = std::move(rows), columns = std::move(columns),
                            input = x.without_value(), h = in.h(), w = in.w()](const Tensor& dy) {
                             Tensor dx = Tensor::images(dy.n(), dy.c(), h, w, dy.dtype());
                             kernels::add_copied_pixels(rows, columns, dy, dx);
                             input.accumulate_grad(dx);
                           });
  }
  return y;
}

}  // namespace weir
