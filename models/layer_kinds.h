// The kinds of layers that a list can name, with PyTorch's names for their arguments.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layer.h"
#include "models/spec_reader.h"

namespace weir {

// Builds the layer for its input. Throws kUsage when they do not go together.
using LayerMaker = std::function<LayerPtr(const FeatureShape& in)>;

struct LayerKind {
  std::string_view name;  // "conv2d"
  std::string_view bare;  // the argument that a bare value means, or ""
  std::string_view help;  // one line
  // Reads all arguments; what it returns is usable when the reader reported nothing.
  LayerMaker (*read)(SpecReader& reader);
};
const std::vector<LayerKind>& layer_kinds();

// One layer of a known kind. Throws kUsage with all that is wrong with its arguments.
LayerPtr make_layer(const LayerSpec& spec, const FeatureShape& in);

// Null for an unknown name.
const LayerKind* find_layer_kind(std::string_view name);
std::vector<std::string> layer_kind_names();

}  // namespace weir
