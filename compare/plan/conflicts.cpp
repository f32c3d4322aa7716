#include "compare/plan/conflicts.h"

#include <optional>
#include <set>
#include <string>

#include "compare/plan/plan_reader.h"
#include "train/config/overrides.h"

namespace weir {
namespace {

struct Setting {
  std::string key;
  Place place;
};

bool is_below(const std::string& key, const std::string& above) {
  return key.size() > above.size() && key.starts_with(above) && key[above.size()] == '.';
}

// What in the map decides about a key: its own value, one above it that is no map, or one below it.
std::optional<Setting> find_setting(const YamlNode& map, const std::string& key,
                                    const std::string& section = "") {
  for (const YamlEntry& entry : map.entries) {
    const std::string path = section.empty() ? entry.key : section + '.' + entry.key;
    const bool is_on_the_way = is_below(key, path);
    if (path == key || is_below(path, key) || (is_on_the_way && !entry.value.is_map())) {
      return Setting{path, entry.key_place};
    }
    if (!is_on_the_way) continue;
    if (std::optional<Setting> found = find_setting(entry.value, key, path)) return found;
  }
  return std::nullopt;
}

// Overrides with the names that messages have for them.
std::vector<Override> named(std::vector<Override> overrides) {
  for (size_t i = 0; i < overrides.size(); ++i) {
    std::string& origin = overrides[i].origin;
    if (origin.empty()) origin = fmt::format("override #{}", i + 1);
  }
  return overrides;
}

// What an override sets, as a map; ~KEY sets nothing there.
YamlNode settings_of(const Override& override) {
  if (override.text.starts_with('~')) {
    return nested(override.text.substr(1), {override.origin}, YamlNode{});
  }
  MergedYaml yaml{.root = {.kind = YamlNode::Kind::kMap}};
  ProblemList said_elsewhere;
  apply_overrides({override}, yaml, said_elsewhere);
  return yaml.root;
}

// A key that differs from net to net, and what makes it differ.
struct VariedKey {
  std::string key, by;
  Place place;
};

std::vector<VariedKey> varied_keys(const ComparisonPlan& plan) {
  std::vector<VariedKey> keys;
  for (const PlanAxis& axis : plan.grid) keys.push_back({axis.key, "the grid", axis.place});
  if (plan.tune) keys.push_back({plan.tune->key, "tune", plan.tune->place});
  return keys;
}

class Checker {
 public:
  Checker(const ComparisonPlan& plan, ProblemList& problems)
      : varied_(varied_keys(plan)), problems_(problems) {}

  // Nothing in the map may decide about a key that is varied.
  void check(const YamlNode& settings) {
    for (const VariedKey& varied : varied_) {
      if (const std::optional<Setting> found = find_setting(settings, varied.key)) {
        say(found->place, fmt::format("{} is set here, and {} varies {} ({}): keep one of the two",
                                      found->key, varied.by, varied.key, varied.place.str()));
      }
    }
  }

  void check_override(const Override& override) {
    const YamlNode settings = settings_of(override);
    check(settings);
    for (const std::string_view word : keys_set_by_comparison()) {
      const std::string key(word);
      const std::optional<Setting> found = find_setting(settings, key);
      if (!found || found->key != key || key == "output.dir") continue;
      say(found->place, fmt::format("{} is set by the comparison itself", key));
    }
  }

  void check_tuning(const PlanTuning& tune, const std::vector<PlanAxis>& grid) {
    check(tune.set);
    if (const std::optional<Setting> found = find_setting(tune.set, "train.epochs")) {
      say(found->place,
          fmt::format("tune.set: {} is set here, and trials train for tune.epochs ({}): keep that",
                      found->key, tune.place.str()));
    }
    for (const PlanAxis& axis : grid) {
      if (axis.key != tune.key) continue;
      say(tune.place, fmt::format("tune.key: the grid varies {} too ({}): keep one of the two",
                                  tune.key, axis.place.str()));
    }
  }

 private:
  // Once: a list of variants sets its key in one place.
  void say(const Place& place, const std::string& message) {
    if (said_.insert(place.str() + message).second) problems_.add(place, "{}", message);
  }

  std::vector<VariedKey> varied_;
  ProblemList& problems_;
  std::set<std::string> said_;
};

}  // namespace

void check_conflicts(const ComparisonPlan& plan, const std::vector<Override>& overrides,
                     ProblemList& problems) {
  Checker checker(plan, problems);
  checker.check(plan.set);
  for (const PlanVariant& variant : plan.variants) checker.check(variant.values);
  for (const Override& override : named(overrides)) checker.check_override(override);
  if (plan.tune) checker.check_tuning(*plan.tune, plan.grid);
}

}  // namespace weir
