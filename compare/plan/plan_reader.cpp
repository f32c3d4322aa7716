#include "compare/plan/plan_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/names.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 5> kSetByComparison{"name", "train.seed", "train.resume",
                                                           "train.test", "output.dir"};

std::vector<std::string> names_of(const std::vector<PlanField>& fields) {
  std::vector<std::string> names;
  for (const PlanField& field : fields) names.push_back(field.name);
  return names;
}

void add_settings(const YamlNode& map, const std::string& path, const std::string& prefix,
                  YamlNode& settings, ProblemList& problems) {
  for (const YamlEntry& entry : map.entries) {
    const std::string key = prefix.empty() ? entry.key : prefix + '.' + entry.key;
    if (entry.value.is_map() && is_section(key)) {
      add_settings(entry.value, path, key, settings, problems);
    } else if (is_set_by_comparison(key)) {
      problems.add(entry.key_place, "{}: {} is set by the comparison itself", path, key);
    } else {
      merge_into(settings, nested(key, entry.key_place, entry.value));
    }
  }
}

}  // namespace

std::span<const std::string_view> keys_set_by_comparison() { return kSetByComparison; }

bool is_set_by_comparison(const std::string& path) {
  return std::find(kSetByComparison.begin(), kSetByComparison.end(), path) !=
         kSetByComparison.end();
}

void read_fields(const YamlNode& node, const std::string& path,
                 const std::vector<PlanField>& fields, ProblemList& problems) {
  const std::string where = path.empty() ? "the file" : path;
  if (!node.is_map()) {
    problems.add(node.place, "{}: expected keys and values ({}), found {}", where,
                 join(names_of(fields)), node.found());
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const PlanField& candidate) {
      return candidate.name == entry.key;
    });
    if (field != fields.end()) {
      field->read(entry);
      continue;
    }
    const std::vector<std::string> names = names_of(fields);
    const std::string near = did_you_mean(entry.key, names);
    problems.add(entry.key_place, "unknown key '{}'{}{}", entry.key,
                 path.empty() ? "" : " under " + path,
                 near.empty() ? "; there are: " + join(names) : near);
  }
}

KeyInfo whole_number(const std::string& path, double least, double most) {
  return {.path = path,
          .type = KeyType::kInteger,
          .rules = {.range = {.min = least, .max = most}},
          .help = "",
          .only_with = {}};
}

KeyInfo share_between_0_and_1(const std::string& path) {
  const NumberRange range{.min = 0, .max = 1, .min_open = true, .max_open = true};
  return {.path = path,
          .type = KeyType::kNumber,
          .rules = {.range = range},
          .help = "",
          .only_with = {}};
}

KeyInfo one_word_of(const std::string& path, std::vector<std::string> words) {
  return {.path = path,
          .type = KeyType::kText,
          .rules = {.choices = std::move(words)},
          .help = "",
          .only_with = {}};
}

KeyInfo any_text(const std::string& path) { return one_word_of(path, {}); }

YamlNode read_settings(const YamlNode& node, const std::string& path, ProblemList& problems) {
  YamlNode settings{.kind = YamlNode::Kind::kMap, .place = node.place};
  if (node.is_map()) {
    add_settings(node, path, "", settings, problems);
  } else {
    problems.add(node.place, "{}: expected configuration keys and values, found {}", path,
                 node.found());
  }
  return settings;
}

std::vector<YamlNode> read_scalars(const YamlNode& node, const std::string& path,
                                   ProblemList& problems) {
  if (!node.is_list() || node.items.empty()) {
    problems.add(node.place, "{}: expected a list of values, found {}", path,
                 node.is_list() ? "an empty one" : node.found());
    return {};
  }
  for (const YamlNode& item : node.items) {
    if (!item.is_scalar() && !item.is_null()) {
      problems.add(item.place, "{}: expected a single value, found {}", path, item.found());
    }
  }
  return node.items;
}

}  // namespace weir
