#include "layers/max_unpool2d.h"

#include <utility>

#include "core/base/error.h"
#include "core/functions/max_pool2d_indices.h"
#include "layers/window_shape.h"

namespace weir {

Variable MaxPool2dWithIndices::forward(const Variable& x, const StepContext&) {
  const MaxPooled pooled = max_pool2d_with_indices(x, pool());
  *slot_ = {.indices = pooled.indices, .size = {x.value().h(), x.value().w()}};
  return pooled.y;
}

void MaxUnpool2d::undo(const MaxPool2dWithIndices& pool, const FeatureShape& pooled) {
  undone_ = {.slot = pool.slot(),
             .pool = pool.pool(),
             .before = pooled,
             .after = pool.output_shape(pooled)};
}

const MaxUnpool2d::Undone& MaxUnpool2d::undone() const {
  require(undone_.has_value(), "nobody said which max_pool2d '{}' is", of_);
  return *undone_;
}

std::string MaxUnpool2d::options() const {
  const MaxPool2dOptions& pool = undone().pool;
  const auto pair = [](std::array<int, 2> p) { return fmt::format("({}, {})", p[0], p[1]); };
  return fmt::format("kernel_size={}, stride={}, padding={}", pair(pool.kernel_size),
                     pair(pool.stride.value_or(pool.kernel_size)), pair(pool.padding));
}

Variable MaxUnpool2d::forward(const Variable& x, const StepContext&) {
  const Undone& from = undone();
  const UnpoolSlot left = std::exchange(*from.slot, {});
  require(left.indices.defined(),
          "max_unpool2d of '{}': expected that max_pool2d to run before this in the same forward "
          "pass; there are no indices",
          of_);
  // The extent of a dilated window takes the place of its kernel: the size is known, and no
  // dilation puts it out of PyTorch's range.
  const auto extent = [&](size_t i) {
    return from.pool.dilation[i] * (from.pool.kernel_size[i] - 1) + 1;
  };
  return max_unpool2d(x, left.indices,
                      {.kernel_size = {extent(0), extent(1)},
                       .stride = from.pool.stride.value_or(from.pool.kernel_size),
                       .padding = from.pool.padding,
                       .output_size = left.size});
}

std::array<int, 2> MaxUnpool2d::enlarges() const {
  const MaxPool2dOptions& pool = undone().pool;
  return pool.stride.value_or(pool.kernel_size);
}

FeatureShape MaxUnpool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(in == undone().after, "expected {}, the output of max_pool2d '{}', got {}",
          undone().after.str(), of_, in.str());
  return undone().before;
}

}  // namespace weir
