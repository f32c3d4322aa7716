// A network from an explicit list of layers, as a configuration writes it.
#pragma once

#include "layers/sequential.h"
#include "models/model_options.h"

namespace weir {

// options.layers become "features", and options.tail (YAML `head:`) "classifier"; or options.head,
// a word of models/head.h, with the last activation of the list, and batch norm when that has some.
// The kinds and their arguments are in models/layer_kinds.h; in_channels and in_features are
// inferred. An entry is the layer, then batch norm and activation when asked for, all of it
// `repeat` times. A `name` replaces the position in the path; an entry of several layers becomes a
// nested Sequential of that name. options.downsample, when set, rewrites the poolings of
// options.layers (models/list_downsample.h); without options.last_pool the last of these poolings
// goes. Throws kUsage with one line for each error of the list, with place and nearest name.
Sequential layer_list(const ModelOptions& options);

}  // namespace weir
