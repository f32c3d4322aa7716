// Which neighbouring layers one call computes, so that a value is read and written once while it is
// in the cache. The result has the same bits as one layer after the other.
#pragma once

#include <span>
#include <string_view>

#include "layers/layer.h"

namespace weir {

// A layer, or several that one call computes.
struct FusedForm {
  std::string_view name;  // "conv2d relu dropout"
  size_t length;          // layers that it takes
  // Of layers that begin with this form.
  bool (*matches)(std::span<Layer* const> layers);
  Variable (*forward)(std::span<Layer* const> layers, const Variable& x,
                      const StepContext& context);
};

// The longest first; the last is one layer alone, and always matches.
std::span<const FusedForm> fused_forms();

// The first form that matches. `layers` has at least one.
const FusedForm& choose_form(std::span<Layer* const> layers);

}  // namespace weir
