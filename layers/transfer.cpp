#include "layers/transfer.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/alignment.h"
#include "layers/name_pattern.h"

namespace weir {
namespace {

using Leaf = Sequential::Leaf;
using Tensors = std::vector<std::pair<std::string, Tensor>>;

Tensors tensors_of(Layer& layer) {
  Tensors tensors;
  for (const NamedParameter& parameter : layer.parameters()) {
    tensors.emplace_back(parameter.name, parameter.variable.value());
  }
  for (const NamedBuffer& buffer : layer.buffers()) {
    tensors.emplace_back(buffer.name, *buffer.tensor);
  }
  return tensors;
}

std::vector<Leaf> with_state(const Sequential& net) {
  std::vector<Leaf> leaves = net.leaves();
  std::erase_if(leaves, [](const Leaf& leaf) { return tensors_of(*leaf.layer).empty(); });
  return leaves;
}

LayerState state_of_layer(const Leaf& leaf) {
  LayerState state{.path = leaf.path, .kind = std::string(leaf.layer->kind()), .tensors = {}};
  for (const auto& [name, tensor] : tensors_of(*leaf.layer)) {
    if (tensor.shape().rank() > 0) state.tensors.emplace_back(name, tensor.shape());
  }
  return state;
}

// The layers have the same tensors: that is why they were paired.
void copy(Layer& source, Layer& target) {
  const Tensors from = tensors_of(source);
  Tensors to = tensors_of(target);
  for (size_t i = 0; i < to.size(); ++i) {
    Tensor& tensor = to[i].second;
    std::memcpy(tensor.data<std::byte>(), from[i].second.data<std::byte>(), tensor.bytes());
  }
}

bool is_skipped(const Leaf& leaf, const std::vector<std::string>& skip) {
  const std::vector<NamedParameter> parameters = leaf.layer->parameters();
  return std::any_of(parameters.begin(), parameters.end(), [&](const NamedParameter& parameter) {
    return fits_any(skip, leaf.path + "." + parameter.name);
  });
}

// For each source layer that fitted elsewhere too: where it went, and where it might have gone.
std::vector<std::string> sentences(const Alignment& alignment,
                                   const std::vector<std::string>& skip) {
  std::map<std::string, std::vector<std::string>> others;
  for (const LayerPair& pair : alignment.alternatives) {
    if (!is_skipped(pair.target, skip)) others[pair.source.path].push_back(pair.target.path);
  }
  std::vector<std::string> lines;
  for (const auto& [source, targets] : others) {
    const auto taken =
        std::find_if(alignment.pairs.begin(), alignment.pairs.end(),
                     [&](const LayerPair& pair) { return pair.source.path == source; });
    const std::string went =
        taken == alignment.pairs.end() ? "nowhere" : "to " + taken->target.path;
    lines.push_back(fmt::format("the source's {} went {}, but fits {} as well", source, went,
                                join(targets, " and ")));
  }
  return lines;
}

std::string shapes(const LayerState& layer) {
  std::vector<std::string> words;
  for (const auto& [name, shape] : layer.tensors) {
    words.push_back(fmt::format("{} {}", name, shape.str()));
  }
  return join(words);
}

std::string line(std::string_view what, const LayerState& layer, const std::string& source) {
  const std::string from = source.empty() || source == layer.path ? "" : ", from " + source;
  return fmt::format("{:<8} {:<13} {:<11} {}{}", what, layer.path, layer.kind, shapes(layer), from);
}

std::map<std::string, Shape> by_name(const std::vector<LayerState>& layers) {
  std::map<std::string, Shape> tensors;
  for (const LayerState& layer : layers) {
    for (const auto& [name, shape] : layer.tensors) tensors[layer.path + "." + name] = shape;
  }
  return tensors;
}

}  // namespace

size_t Transfer::loaded_count() const {
  return static_cast<size_t>(
      std::count_if(layers.begin(), layers.end(),
                    [](const TransferredLayer& layer) { return !layer.source.empty(); }));
}

bool Transfer::complete() const {
  return loaded_count() == layers.size() && dropped.empty() && ambiguous.empty();
}

std::vector<std::string> Transfer::lines() const {
  std::vector<std::string> lines;
  for (const auto& [layer, source] : layers) {
    lines.push_back(line(source.empty() ? "kept" : "loaded", layer, source));
  }
  for (const LayerState& layer : dropped) lines.push_back(line("dropped", layer, ""));
  return lines;
}

Transfer transfer_weights(const Sequential& source, Sequential& target,
                          const std::vector<std::string>& skip) {
  require_fitting(skip, target.parameters(), "skip");
  const Alignment alignment = align(source, target);
  std::map<const Layer*, Leaf> source_of;
  for (const LayerPair& pair : alignment.pairs) {
    if (!is_skipped(pair.target, skip)) source_of.emplace(pair.target.layer, pair.source);
  }
  Transfer transfer{.layers = {}, .dropped = {}, .ambiguous = sentences(alignment, skip)};
  std::vector<const Layer*> used;
  for (const Leaf& leaf : with_state(target)) {
    const auto found = source_of.find(leaf.layer);
    const bool loads = found != source_of.end();
    transfer.layers.push_back({state_of_layer(leaf), loads ? found->second.path : ""});
    if (!loads) continue;
    copy(*found->second.layer, *leaf.layer);
    used.push_back(found->second.layer);
  }
  for (const Leaf& leaf : with_state(source)) {
    const bool went = std::find(used.begin(), used.end(), leaf.layer) != used.end();
    if (!went) transfer.dropped.push_back(state_of_layer(leaf));
  }
  return transfer;
}

void require_complete(const Transfer& transfer) {
  if (transfer.complete()) return;
  std::vector<LayerState> kept;
  for (const auto& [layer, source] : transfer.layers) {
    if (source.empty()) kept.push_back(layer);
  }
  const std::map<std::string, Shape> expected = by_name(kept), found = by_name(transfer.dropped);
  std::vector<std::string> lines;
  for (const auto& [name, shape] : expected) {
    const auto other = found.find(name);
    lines.push_back(other == found.end() ? fmt::format("missing: {} {}", name, shape.str())
                                         : fmt::format("different: {}: expected {}, found {}", name,
                                                       shape.str(), other->second.str()));
  }
  for (const auto& [name, shape] : found) {
    if (!expected.contains(name))
      lines.push_back(fmt::format("unexpected: {} {}", name, shape.str()));
  }
  for (const std::string& sentence : transfer.ambiguous) lines.push_back("ambiguous: " + sentence);
  fail(ErrorKind::kData, "the weights do not fit the network ({} differences):\n  {}", lines.size(),
       join(lines, "\n  "));
}

}  // namespace weir
