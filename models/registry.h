// The table of models.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/model.h"
#include "models/model_options.h"

namespace weir {

struct ModelEntry {
  std::string_view name;
  std::string_view help;  // one line
  // The options it reads beside name, init and the sizes of the data; setting another is an error.
  std::vector<std::string> reads;
  // Throws kUsage; list all errors of a list at once.
  Sequential (*build)(const ModelOptions& options);
};
const std::vector<ModelEntry>& model_entries();

// Builds the network and checks its shapes. Weights are zero until initialize() (layers/init.h),
// which options.init is for. Throws kUsage: unknown model or word (with the nearest name), an
// option that the model does not read, shapes that do not fit (with the layer's path).
Model build_model(const ModelOptions& options);

}  // namespace weir
