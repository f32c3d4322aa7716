// Fields of a comparison file: which may stand in a map, and what each takes.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "train/config/value_codec.h"

namespace weir {

struct PlanField {
  std::string name;
  std::function<void(const YamlEntry&)> read;
};

// Calls `read` of each entry's field; unknown names become problems with the nearest known one.
// `path` is where the map stands: "" or "tune".
void read_fields(const YamlNode& node, const std::string& path,
                 const std::vector<PlanField>& fields, ProblemList& problems);

// What values are expected to be, for read_value().
KeyInfo whole_number(const std::string& path, double least, double most);
KeyInfo share_between_0_and_1(const std::string& path);
KeyInfo one_word_of(const std::string& path, std::vector<std::string> words);
KeyInfo any_text(const std::string& path);

// {model.downsample: strided} as {model: {downsample: strided}}. Keys that a comparison sets itself
// (name, train.seed, output.dir, ..) become problems.
YamlNode read_settings(const YamlNode& node, const std::string& path, ProblemList& problems);

// A list of scalars, or a problem.
std::vector<YamlNode> read_scalars(const YamlNode& node, const std::string& path,
                                   ProblemList& problems);

// The keys that a comparison sets itself.
std::span<const std::string_view> keys_set_by_comparison();
// Is `path` one of them?
bool is_set_by_comparison(const std::string& path);

}  // namespace weir
