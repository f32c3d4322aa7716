// Which max_unpool2d of a list undoes which max_pool2d.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "layers/max_unpool2d.h"
#include "models/model_options.h"

namespace weir {

class UnpoolLinks {
 public:
  // Looks in `specs` for the names that unpoolings will ask for.
  void announce(const std::vector<LayerSpec>& specs);

  // For every layer of a list in order, when it was just made for `in`: returns it, or what takes
  // its place when its indices are asked for. An unpooling is told its pooling. Throws kUsage when
  // there is none of that name before it, or another kind of layer, or several, or one that is
  // undone already.
  LayerPtr linked(LayerPtr layer, const LayerSpec& spec, const FeatureShape& in);

 private:
  struct Named {
    std::string kind;
    const MaxPool2dWithIndices* pool;  // owned by the network; null for other kinds
    FeatureShape in;
    int layers = 1;  // of that name
    bool undone = false;
  };
  void find_pool(MaxUnpool2d& unpool);

  std::set<std::string> wanted_;
  std::map<std::string, Named> named_;
};

}  // namespace weir
