#include "train/config/load.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/consistency.h"
#include "train/config/extends.h"
#include "train/config/key_search.h"
#include "train/config/overrides.h"

namespace weir {
namespace {

class ConfigReader {
 public:
  ConfigReader(MergedYaml yaml, ProblemList& problems)
      : yaml_(std::move(yaml)), problems_(problems) {}

  LoadedConfig read() {
    read_section(yaml_.root, "");
    drop_what_does_not_apply();
    if (problems_.empty()) check_consistency(config_, places_, problems_);
    problems_.throw_if_any();
    LoadedConfig loaded{.config = std::move(config_), .warnings = std::move(warnings_)};
    for (const auto& [path, place] : places_) loaded.origins[path] = place.str();
    return loaded;
  }

 private:
  void read_section(const YamlNode& map, const std::string& section) {
    for (const YamlEntry& entry : map.entries) {
      const std::string path = section.empty() ? entry.key : section + '.' + entry.key;
      if (const Key* key = find_key(path)) {
        key->read(entry.value, config_, problems_);
        places_[path] = entry.value.place;
      } else if (!is_section(path)) {
        problems_.add(entry.key_place, "{}", unknown_key_message(entry.key, section));
      } else if (entry.value.is_map()) {
        read_section(entry.value, path);
      } else {
        problems_.add(entry.value.place, "{}: expected keys and values ({}), found {}", path,
                      join(names_under(path)), entry.value.found());
      }
    }
  }

  // How strong the source of a key's value is: its position in the merge, -1 for a default.
  ptrdiff_t strength(const std::string& path) const {
    const auto at = places_.find(path);
    if (at == places_.end()) return -1;
    const auto found = std::find(yaml_.sources.rbegin(), yaml_.sources.rend(), at->second.source);
    return yaml_.sources.rend() - found;
  }

  // A value that its own file could not have meant is an error. One that a stronger source made
  // meaningless, as `scheduler.name=cosine` does to the file's milestones, steps aside.
  void drop_what_does_not_apply() {
    std::vector<const Key*> dropped;
    for (const Key& key : config_keys()) {
      if (places_.contains(key.path) && !applies(key, config_)) dropped.push_back(&key);
    }
    ProblemList misplaced;
    for (const Key* key : dropped) check_dropped(*key, misplaced);
    // While a selector itself may be mistyped, what depends on it cannot be judged.
    if (problems_.empty()) problems_ = misplaced;
    static const Config defaults;
    for (const Key* key : dropped) {
      key->copy(defaults, config_);
      places_.erase(key->path);
    }
  }

  void check_dropped(const Key& key, ProblemList& problems) {
    const KeyCondition& unmet = unmet_condition(key, config_).only_with;
    const Place& place = places_.at(key.path);
    const std::string needs = fmt::format("it needs {} {}", unmet.key, join(unmet.values, " or "));
    const std::string found = find_key(unmet.key)->write(config_);
    if (strength(key.path) >= strength(unmet.key)) {
      problems.add(place, "{} means nothing here: {}, found {}", key.path, needs, found);
    } else if (const Place& stronger = places_.at(unmet.key); stronger.line == 0) {
      warnings_.push_back(fmt::format("{}: {} is left out: {}, which {} made {}", place.str(),
                                      key.path, needs, stronger.str(), found));
    }
  }

  MergedYaml yaml_;
  ProblemList& problems_;
  Config config_;
  std::map<std::string, Place> places_;
  std::vector<std::string> warnings_;
};

LoadedConfig finish(MergedYaml yaml, const std::vector<Override>& overrides,
                    ProblemList& problems) {
  apply_overrides(overrides, yaml, problems);
  return ConfigReader(std::move(yaml), problems).read();
}

}  // namespace

LoadedConfig load_config(const std::filesystem::path& file,
                         const std::vector<Override>& overrides) {
  ProblemList problems;
  return finish(read_with_extends(file, problems), overrides, problems);
}

LoadedConfig load_config(MergedYaml yaml, const std::vector<Override>& overrides) {
  ProblemList problems;
  return finish(std::move(yaml), overrides, problems);
}

LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const std::vector<Override>& overrides) {
  ProblemList problems;
  return finish(read_text_with_extends(text, name, problems), overrides, problems);
}

}  // namespace weir
