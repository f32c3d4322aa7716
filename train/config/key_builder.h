// Makes the entries of the key table: the type of a key is the type of its field.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "train/config/value_codec.h"

namespace weir {

template <class T>
struct Bare {
  using Type = T;
  static constexpr bool kIsOptional = false;
};
template <class T>
struct Bare<std::optional<T>> {
  using Type = T;
  static constexpr bool kIsOptional = true;
};

template <class T>
constexpr KeyType type_of() {
  if constexpr (std::is_same_v<T, bool>) return KeyType::kBool;
  if constexpr (std::is_same_v<T, int> || std::is_same_v<T, uint64_t>) return KeyType::kInteger;
  if constexpr (std::is_same_v<T, double>) return KeyType::kNumber;
  if constexpr (std::is_same_v<T, std::string>) return KeyType::kText;
  if constexpr (std::is_same_v<T, std::vector<int>>) return KeyType::kIntegers;
  if constexpr (std::is_same_v<T, std::vector<double>>) return KeyType::kNumbers;
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return KeyType::kTexts;
  if constexpr (std::is_same_v<T, std::vector<GroupConfig>>) return KeyType::kGroups;
  if constexpr (std::is_same_v<T, AugmentOptions>) return KeyType::kAugment;
  if constexpr (std::is_same_v<T, std::vector<LayerSpec>>) return KeyType::kLayers;
  if constexpr (std::is_same_v<T, ModelOptions>) return KeyType::kHead;
  if constexpr (std::is_same_v<T, Expectation>) return KeyType::kExpectation;
}

// An empty text stands for "none" where it is the default.
inline bool is_none(const std::string& value) { return value.empty(); }
inline bool is_none(const ModelOptions& value) { return value.head.empty(); }
template <class T>
bool is_none(const T&) {
  return Bare<T>::kIsOptional;
}

// `field` maps a Config& to a reference to the key's field.
template <class Field>
Key make_key(std::string path, Field field, std::string help, KeyRules rules = {},
             KeyCondition only_with = {}) {
  using T = std::remove_reference_t<std::invoke_result_t<Field, Config&>>;
  Key out;
  out.path = std::move(path);
  out.type = type_of<typename Bare<T>::Type>();
  Config defaults;
  out.nullable = is_none(std::as_const(field(defaults)));
  out.rules = std::move(rules);
  out.help = std::move(help);
  out.only_with = std::move(only_with);
  const KeyInfo info = out;
  out.read = [info, field](const YamlNode& node, Config& config, ProblemList& problems) {
    read_value(node, info, field(config), problems);
  };
  out.write = [info, field](const Config& config) {
    return write_value(std::as_const(field(const_cast<Config&>(config))), info);
  };
  out.copy = [field](const Config& from, Config& to) {
    field(to) = field(const_cast<Config&>(from));
  };
  return out;
}

}  // namespace weir
