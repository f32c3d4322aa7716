#include "train/config/yaml_node.h"

#include <algorithm>

namespace weir {

YamlEntry* YamlNode::find(std::string_view key) {
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const YamlEntry& entry) { return entry.key == key; });
  return at == entries.end() ? nullptr : &*at;
}

const YamlEntry* YamlNode::find(std::string_view key) const {
  return const_cast<YamlNode*>(this)->find(key);
}

void YamlNode::erase(std::string_view key) {
  std::erase_if(entries, [&](const YamlEntry& entry) { return entry.key == key; });
}

std::string YamlNode::found() const {
  constexpr size_t kLongest = 60;  // enough to recognise a value, short enough for one line
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
    case Kind::kScalar:
      break;
  }
  const bool is_long = text.size() > kLongest;
  return fmt::format("'{}{}'", text.substr(0, kLongest), is_long ? "..." : "");
}

YamlNode nested(const std::string& path, const Place& place, YamlNode value) {
  const size_t dot = path.find('.');
  YamlNode map{.kind = YamlNode::Kind::kMap, .place = place};
  if (dot != std::string::npos) value = nested(path.substr(dot + 1), place, std::move(value));
  map.entries.push_back({path.substr(0, dot), place, std::move(value)});
  return map;
}

void merge_into(YamlNode& base, YamlNode top) {
  if (!base.is_map() || !top.is_map()) {
    base = std::move(top);
    return;
  }
  for (YamlEntry& entry : top.entries) {
    if (YamlEntry* old = base.find(entry.key)) {
      old->key_place = entry.key_place;
      merge_into(old->value, std::move(entry.value));
    } else {
      base.entries.push_back(std::move(entry));
    }
  }
}

}  // namespace weir
