// Between a YAML value and the field that holds it, for every type that a key can have.
//   read_value(node, key, field, problems): checks the type and the rules of the key; a value that
//     fails leaves the field as it was and adds "<path>: expected ..., found ..." to the problems.
//   write_value(field, key): YAML on one line that reads back as the same value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "train/config/key.h"

namespace weir {

// Adds "<path>: expected <what>, found <what>" with the nearest choice for a mistyped word.
void add_mismatch(const YamlNode& node, const KeyInfo& key, ProblemList& problems);

// `text` as a YAML scalar: plain when nothing can be mistaken, else in double quotes.
std::string scalar_text(const std::string& text);

void read_value(const YamlNode& node, const KeyInfo& key, bool& field, ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, int& field, ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, uint64_t& field, ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, double& field, ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, std::string& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, std::vector<int>& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, std::vector<double>& field,
                ProblemList& problems);
// One text alone is a list of one.
void read_value(const YamlNode& node, const KeyInfo& key, std::vector<std::string>& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, std::vector<GroupConfig>& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, Expectation& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, AugmentOptions& field,
                ProblemList& problems);
void read_value(const YamlNode& node, const KeyInfo& key, std::vector<LayerSpec>& field,
                ProblemList& problems);
// `model.head`: a word goes to ModelOptions::head, a list to ModelOptions::tail.
void read_value(const YamlNode& node, const KeyInfo& key, ModelOptions& field,
                ProblemList& problems);

std::string write_value(bool field, const KeyInfo& key);
std::string write_value(int field, const KeyInfo& key);
std::string write_value(uint64_t field, const KeyInfo& key);
std::string write_value(double field, const KeyInfo& key);
std::string write_value(const std::string& field, const KeyInfo& key);
std::string write_value(const std::vector<int>& field, const KeyInfo& key);
std::string write_value(const std::vector<double>& field, const KeyInfo& key);
std::string write_value(const std::vector<std::string>& field, const KeyInfo& key);
std::string write_value(const std::vector<GroupConfig>& field, const KeyInfo& key);
std::string write_value(const Expectation& field, const KeyInfo& key);
std::string write_value(const AugmentOptions& field, const KeyInfo& key);
std::string write_value(const std::vector<LayerSpec>& field, const KeyInfo& key);
std::string write_value(const ModelOptions& field, const KeyInfo& key);

template <class T>
void read_value(const YamlNode& node, const KeyInfo& key, std::optional<T>& field,
                ProblemList& problems) {
  const bool is_none_word = node.is_scalar() && !node.quoted && node.text == key.rules.none;
  if (node.is_null() || (is_none_word && !key.rules.none.empty())) {
    field.reset();
    return;
  }
  const size_t before = problems.size();
  T value{};
  read_value(node, key, value, problems);
  if (problems.size() == before) field = std::move(value);
}

template <class T>
std::string write_value(const std::optional<T>& field, const KeyInfo& key) {
  if (field.has_value()) return write_value(*field, key);
  return key.rules.none.empty() ? "null" : key.rules.none;
}

}  // namespace weir
