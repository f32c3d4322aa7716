#include "models/unpool_links.h"

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {

void UnpoolLinks::announce(const std::vector<LayerSpec>& specs) {
  for (const LayerSpec& spec : specs) {
    if (spec.kind != "max_unpool2d") continue;
    for (const char* name : {"of", ""}) {
      if (const auto it = spec.args.find(name); it != spec.args.end()) {
        wanted_.insert(it->second.text);
      }
    }
  }
}

LayerPtr UnpoolLinks::linked(LayerPtr layer, const LayerSpec& spec, const FeatureShape& in) {
  if (auto* unpool = dynamic_cast<MaxUnpool2d*>(layer.get())) find_pool(*unpool);
  if (spec.name.empty()) return layer;
  if (const auto known = named_.find(spec.name); known != named_.end()) {
    ++known->second.layers;
    return layer;
  }
  Named named{.kind = spec.kind, .pool = nullptr, .in = in};
  const auto* pool = dynamic_cast<const MaxPool2d*>(layer.get());
  if (pool && wanted_.contains(spec.name)) {
    auto with_indices = std::make_unique<MaxPool2dWithIndices>(*pool);
    named.pool = with_indices.get();
    layer = std::move(with_indices);
  }
  named_.emplace(spec.name, named);
  return layer;
}

void UnpoolLinks::find_pool(MaxUnpool2d& unpool) {
  std::vector<std::string> pools;
  for (const auto& [name, named] : named_) {
    if (named.kind == "max_pool2d") pools.push_back(name);
  }
  const auto found = named_.find(unpool.of());
  if (found == named_.end()) {
    fail(ErrorKind::kUsage, "of: no layer before this one is named '{}'{}; named max_pool2d: {}",
         unpool.of(), did_you_mean(unpool.of(), pools), pools.empty() ? "none" : join(pools));
  }
  Named& named = found->second;
  require(named.pool != nullptr, "of: expected a max_pool2d, but '{}' is a {}", unpool.of(),
          named.kind);
  require(named.layers == 1, "of: expected one max_pool2d, but '{}' stands for {} layers",
          unpool.of(), named.layers);
  require(!named.undone, "of: the max_pool2d '{}' is undone already, and can be once", unpool.of());
  named.undone = true;
  unpool.undo(*named.pool, named.in);
}

}  // namespace weir
