// model.layers and model.head. A layer is written in one of three ways:
//   relu
//   {linear: 512}
//   {conv2d: {out_channels: 64, kernel_size: 3}, batch_norm: true, act: relu, repeat: 2, name: x}
// Which layers exist and what they take is checked where the model is built; the places of the
// values travel with them for the messages there.
#include <algorithm>

#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/value_codec.h"

namespace weir {
namespace {

bool is_beside_layer(const YamlEntry& entry) {
  // `batch_norm: true` stands beside a layer; `batch_norm: {eps: 1e-3}` is one.
  if (entry.key == "batch_norm") return entry.value.is_scalar();
  return entry.key == "act" || entry.key == "repeat" || entry.key == "name";
}

class LayerReader {
 public:
  LayerReader(const KeyInfo& key, ProblemList& problems) : key_(key), problems_(problems) {}

  std::vector<LayerSpec> read_list(const YamlNode& list) {
    std::vector<LayerSpec> layers;
    for (const YamlNode& item : list.items) layers.push_back(read_layer(item));
    return layers;
  }

 private:
  LayerSpec read_layer(const YamlNode& node) {
    LayerSpec layer;
    layer.place = node.place.str();
    if (node.is_scalar()) {
      layer.kind = node.text;
    } else if (node.is_map()) {
      read_map(node, layer);
    } else {
      problems_.add(node.place,
                    "{}: expected a layer such as `relu` or `{{linear: 512}}`, found {}", key_.path,
                    node.found());
    }
    return layer;
  }

  void read_map(const YamlNode& node, LayerSpec& layer) {
    for (const YamlEntry& entry : node.entries) {
      if (is_beside_layer(entry)) {
        read_beside(entry, layer);
      } else if (layer.kind.empty()) {
        layer.kind = entry.key;
        read_arguments(entry.value, layer);
      } else {
        problems_.add(
            entry.key_place,
            "{}: one list entry is one layer, found '{}' and '{}'; beside the layer stand "
            "batch_norm, act, repeat and name",
            key_.path, layer.kind, entry.key);
      }
    }
    if (layer.kind.empty()) {
      problems_.add(node.place, "{}: this entry names no layer", key_.path);
    }
  }

  void read_beside(const YamlEntry& entry, LayerSpec& layer) {
    KeyInfo info{.path = fmt::format("{}.{}", key_.path, entry.key)};
    if (entry.key == "batch_norm") {
      info.type = KeyType::kBool;
      read_value(entry.value, info, layer.batch_norm, problems_);
    } else if (entry.key == "repeat") {
      info.type = KeyType::kInteger;
      info.rules.range = {.min = 1, .max = kMostRepeats};
      read_value(entry.value, info, layer.repeat, problems_);
    } else {
      read_value(entry.value, info, entry.key == "act" ? layer.act : layer.name, problems_);
    }
  }

  void read_arguments(const YamlNode& node, LayerSpec& layer) {
    if (node.is_null()) return;
    if (!node.is_map()) {
      layer.args[""] = read_argument(node, layer.kind);
      return;
    }
    for (const YamlEntry& entry : node.entries) {
      layer.args[entry.key] = read_argument(entry.value, layer.kind + '.' + entry.key);
    }
  }

  SpecValue read_argument(const YamlNode& node, const std::string& name) {
    SpecValue value{.text = node.text, .is_list = node.is_list(), .place = node.place.str()};
    for (const YamlNode& item : node.items) {
      if (!item.is_scalar()) add_bad_argument(item, name);
      value.items.push_back(item.text);
    }
    if (!node.is_scalar() && !node.is_list()) add_bad_argument(node, name);
    return value;
  }

  void add_bad_argument(const YamlNode& node, const std::string& name) {
    problems_.add(node.place, "{}: {}: expected a value or a list of values, found {}", key_.path,
                  name, node.found());
  }

  const KeyInfo& key_;
  ProblemList& problems_;
};

std::string write_argument(const SpecValue& value) {
  if (!value.is_list) return scalar_text(value.text);
  std::vector<std::string> items;
  for (const std::string& item : value.items) items.push_back(scalar_text(item));
  return fmt::format("[{}]", join(items));
}

std::string write_arguments(const LayerSpec& layer) {
  const auto bare = layer.args.find("");
  if (bare != layer.args.end()) return write_argument(bare->second);
  std::vector<std::string> words;
  for (const auto& [name, value] : layer.args) {
    words.push_back(fmt::format("{}: {}", scalar_text(name), write_argument(value)));
  }
  return fmt::format("{{{}}}", join(words));
}

std::string write_layer(const LayerSpec& layer) {
  std::vector<std::string> words = {
      fmt::format("{}: {}", scalar_text(layer.kind), write_arguments(layer))};
  if (layer.batch_norm) words.push_back("batch_norm: true");
  if (!layer.act.empty()) words.push_back("act: " + scalar_text(layer.act));
  if (layer.repeat != 1) words.push_back(fmt::format("repeat: {}", layer.repeat));
  if (!layer.name.empty()) words.push_back("name: " + scalar_text(layer.name));
  if (words.size() == 1 && layer.args.empty()) return scalar_text(layer.kind);
  return fmt::format("{{{}}}", join(words));
}

}  // namespace

void read_value(const YamlNode& node, const KeyInfo& key, std::vector<LayerSpec>& field,
                ProblemList& problems) {
  if (!node.is_list()) return add_mismatch(node, key, problems);
  field = LayerReader(key, problems).read_list(node);
}

void read_value(const YamlNode& node, const KeyInfo& key, ModelOptions& field,
                ProblemList& problems) {
  if (node.is_list()) {
    field.head.clear();
    read_value(node, key, field.tail, problems);
  } else {
    field.tail.clear();
    read_value(node, key, field.head, problems);
  }
}

std::string write_value(const std::vector<LayerSpec>& field, const KeyInfo&) {
  std::vector<std::string> layers;
  for (const LayerSpec& layer : field) layers.push_back(write_layer(layer));
  return fmt::format("[{}]", join(layers));
}

std::string write_value(const ModelOptions& field, const KeyInfo& key) {
  return field.tail.empty() ? write_value(field.head, key) : write_value(field.tail, key);
}

}  // namespace weir
