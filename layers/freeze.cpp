#include "layers/freeze.h"

#include <algorithm>

#include "layers/batch_norm2d.h"
#include "layers/name_pattern.h"

namespace weir {

void set_frozen(Sequential& net, const std::vector<std::string>& patterns,
                const FreezeOptions& options) {
  std::vector<NamedParameter> parameters = net.parameters();
  require_fitting(patterns, parameters, "freeze");
  for (NamedParameter& parameter : parameters) {
    parameter.variable.set_requires_grad(!fits_any(patterns, parameter.name));
  }
  for (const Sequential::Leaf& leaf : net.leaves()) {
    auto* norm = dynamic_cast<BatchNorm2d*>(leaf.layer);
    if (norm == nullptr) continue;
    norm->keep_statistics(options.norm_keeps_statistics && !is_trainable(*norm));
  }
}

bool is_trainable(Layer& layer) {
  const std::vector<NamedParameter> parameters = layer.parameters();
  return std::any_of(parameters.begin(), parameters.end(), [](const NamedParameter& parameter) {
    return parameter.variable.requires_grad();
  });
}

}  // namespace weir
