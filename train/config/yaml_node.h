// A YAML document as a tree that remembers where each part of it was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "train/config/config_errors.h"

namespace weir {

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;                // kScalar
  bool quoted = false;             // kScalar: 'x' or "x", never a number or a bool
  std::vector<YamlNode> items;     // kList
  std::vector<YamlEntry> entries;  // kMap, in the order of the file; keys are unique
  Place place;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  // The entry of a map, or nullptr.
  YamlEntry* find(std::string_view key);
  const YamlEntry* find(std::string_view key) const;
  void erase(std::string_view key);
  // What a message says was found: "'abc'", "a list", "a map", "nothing".
  std::string found() const;
};

struct YamlEntry {
  std::string key;
  Place key_place;
  YamlNode value;
};

// "optimizer.lr", value -> {optimizer: {lr: value}}; `place` is that of the key.
YamlNode nested(const std::string& path, const Place& place, YamlNode value);

// `top` over `base`: maps are merged key by key, everything else (lists too) is replaced.
void merge_into(YamlNode& base, YamlNode top);

}  // namespace weir
