#include "layers/dropout.h"

#include "core/base/error.h"

namespace weir {

Dropout::Dropout(float p) : p_(p) {
  require(p >= 0 && p < 1, "the dropout probability p must be in [0, 1), got {}", p);
}

std::string Dropout::options() const { return fmt::format("p={}, inplace=False", p_); }

Variable Dropout::forward(const Variable& x, const StepContext& context) {
  const std::optional<DropoutOptions> options = at(context);
  return options ? dropout(x, *options) : x;
}

std::optional<DropoutOptions> Dropout::at(const StepContext& context) const {
  if (!context.training || p_ == 0) return std::nullopt;
  return DropoutOptions{.p = p_, .seed = context.seed, .step = context.step, .layer = stream_};
}

uint32_t Dropout::number_streams(uint32_t first) {
  stream_ = first;
  return first + 1;
}

}  // namespace weir
