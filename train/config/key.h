// One configuration key: everything that parsing, validation, `config show`, the reference page,
// the JSON Schema and shell completion need to know about it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "train/config/config.h"
#include "train/config/numbers.h"
#include "train/config/yaml_node.h"

namespace weir {

enum class KeyType {
  kBool,
  kInteger,
  kNumber,
  kText,
  kIntegers,
  kNumbers,
  kTexts,
  kGroups,
  kAugment,
  kLayers,
  kHead,
  kExpectation,
};

// What a value must satisfy, beyond its type.
struct KeyRules {
  NumberRange range;                 // of a number, or of each number in a list
  std::vector<std::string> choices;  // of a text; empty: any
  size_t count = 0;                  // exact length of a list; 0: any
  std::string none;                  // a word beside `null` for "no value": "auto"
};

// The key means something only while another key has one of these values.
struct KeyCondition {
  std::string key;  // "" = always
  std::vector<std::string> values;
};

struct KeyInfo {
  std::string path;  // "optimizer.lr"
  KeyType type = KeyType::kText;
  bool nullable = false;
  KeyRules rules;
  std::string help;
  KeyCondition only_with;

  // "an integer >= 1 or auto", "one of sgd, adamw": for messages and for the reference page.
  std::string expected() const;
};

struct Key : KeyInfo {
  // Reads the value into its field, or adds to the problems.
  std::function<void(const YamlNode&, Config&, ProblemList&)> read;
  // The value as YAML on one line, so that reading it gives the same value.
  std::function<std::string(const Config&)> write;
  std::function<void(const Config& from, Config& to)> copy;
};

}  // namespace weir
