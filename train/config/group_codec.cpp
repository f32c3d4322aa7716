// optimizer.groups: [{match: "classifier.*", lr_scale: 10, weight_decay: 0}, ..]
#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/value_codec.h"

namespace weir {
namespace {

const std::vector<std::string> kGroupKeys = {"match", "lr_scale", "weight_decay"};

GroupConfig read_group(const YamlNode& node, const KeyInfo& key, ProblemList& problems) {
  GroupConfig group;
  const auto named = [&](const std::string& name) { return fmt::format("{}.{}", key.path, name); };
  for (const YamlEntry& entry : node.entries) {
    if (entry.key == "match") {
      read_value(entry.value, {.path = named("match")}, group.match, problems);
    } else if (entry.key == "lr_scale") {
      const KeyInfo scale{.path = named("lr_scale"),
                          .type = KeyType::kNumber,
                          .rules = {.range = {.min = 0, .min_open = true}}};
      read_value(entry.value, scale, group.lr_scale, problems);
    } else if (entry.key == "weight_decay") {
      const KeyInfo decay{.path = named("weight_decay"),
                          .type = KeyType::kNumber,
                          .nullable = true,
                          .rules = {.range = {.min = 0}}};
      read_value(entry.value, decay, group.weight_decay, problems);
    } else {
      problems.add(entry.key_place, "unknown key '{}' under {}{}", entry.key, key.path,
                   did_you_mean(entry.key, kGroupKeys));
    }
  }
  if (node.find("match") == nullptr) {
    problems.add(node.place, "{}: a group needs match, the parameters that it is for, such as head",
                 key.path);
  }
  return group;
}

}  // namespace

void read_value(const YamlNode& node, const KeyInfo& key, std::vector<GroupConfig>& field,
                ProblemList& problems) {
  const size_t before = problems.size();
  if (!node.is_list()) return add_mismatch(node, key, problems);
  std::vector<GroupConfig> groups;
  for (const YamlNode& item : node.items) {
    if (item.is_map()) {
      groups.push_back(read_group(item, key, problems));
    } else {
      add_mismatch(item, key, problems);
    }
  }
  if (problems.size() == before) field = std::move(groups);
}

std::string write_value(const std::vector<GroupConfig>& field, const KeyInfo&) {
  std::vector<std::string> words;
  for (const GroupConfig& group : field) {
    std::string decay;
    if (group.weight_decay)
      decay = fmt::format(", weight_decay: {}", shortest(*group.weight_decay));
    words.push_back(fmt::format("{{match: {}, lr_scale: {}{}}}", scalar_text(group.match),
                                shortest(group.lr_scale), decay));
  }
  return fmt::format("[{}]", join(words));
}

}  // namespace weir
