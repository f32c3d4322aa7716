#include "compare/plan/variants_reader.h"

#include <algorithm>
#include <utility>

#include "compare/plan/plan_reader.h"
#include "core/base/names.h"
#include "train/config/consistency.h"

namespace weir {
namespace {

class VariantsReader {
 public:
  explicit VariantsReader(ProblemList& problems) : problems_(problems) {}

  std::vector<PlanVariant> read(const YamlEntry& entry) {
    if (!entry.value.is_map() || entry.value.entries.empty()) {
      problems_.add(entry.value.place,
                    "variants: expected NAME: {{KEY: VALUE, ..}} for each, or KEY: [VALUE, ..], "
                    "found {}",
                    entry.value.is_map() ? "none" : entry.value.found());
      return {};
    }
    for (const YamlEntry& variant : entry.value.entries) {
      if (variant.value.is_list()) {
        add_one_for_each_value(variant);
      } else {
        add(variant);
      }
    }
    check_references();
    return std::move(variants_);
  }

 private:
  void add_one_for_each_value(const YamlEntry& entry) {
    for (const YamlNode& value : read_scalars(entry.value, "variants." + entry.key, problems_)) {
      YamlNode map{.kind = YamlNode::Kind::kMap, .place = value.place};
      map.entries.push_back({entry.key, entry.key_place, value});
      add({value.is_null() ? "null" : value.text, value.place, std::move(map)});
    }
  }

  void add(const YamlEntry& entry) {
    check_folder_name(entry.key, entry.key_place, "variants", problems_);
    PlanVariant variant{.name = entry.key, .place = entry.key_place};
    YamlNode values = entry.value;
    const std::string path = "variants." + entry.key;
    take_reference(values, "equal_macs", path, variant.equal_macs);
    take_reference(values, "equal_parameters", path, variant.equal_parameters);
    if (!variant.equal_macs.empty() && !variant.equal_parameters.empty()) {
      problems_.add(entry.key_place, "{}: one width cannot make both macs and parameters equal",
                    path);
    }
    variant.values = values.is_null() ? YamlNode{.kind = YamlNode::Kind::kMap}
                                      : read_settings(values, path, problems_);
    const bool is_there = std::any_of(variants_.begin(), variants_.end(), [&](const auto& other) {
      return other.name == variant.name;
    });
    if (is_there) {
      problems_.add(entry.key_place, "there are two variants of the name '{}'", entry.key);
    }
    variants_.push_back(std::move(variant));
  }

  // Takes a variant's name out of the map, as in {equal_macs: all_conv}.
  void take_reference(YamlNode& values, const std::string& key, const std::string& path,
                      std::string& name) {
    const YamlEntry* entry = values.find(key);
    if (entry == nullptr) return;
    read_value(entry->value, any_text(path + '.' + key), name, problems_);
    references_.push_back({name, entry->value.place, path + '.' + key});
    values.erase(key);
  }

  // When all names are known.
  void check_references() {
    for (const Reference& reference : references_) {
      check_variant(reference.name, reference.place, reference.path, variants_, problems_);
    }
  }

  struct Reference {
    std::string name;
    Place place;
    std::string path;
  };

  ProblemList& problems_;
  std::vector<PlanVariant> variants_;
  std::vector<Reference> references_;
};

}  // namespace

std::vector<PlanVariant> read_variants(const YamlEntry& entry, ProblemList& problems) {
  return VariantsReader(problems).read(entry);
}

bool check_variant(const std::string& name, const Place& place, const std::string& path,
                   const std::vector<PlanVariant>& variants, ProblemList& problems) {
  if (name.empty()) return false;
  std::vector<std::string> names;
  for (const PlanVariant& variant : variants) names.push_back(variant.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  problems.add(place, "{}: there is no variant '{}'{}", path, name, did_you_mean(name, names));
  return false;
}

void check_folder_name(const std::string& name, const Place& place, const std::string& path,
                       ProblemList& problems) {
  if (name.empty() || is_folder_name(name)) return;
  problems.add(place,
               "{}: '{}' names a folder: use letters, digits, '-', '_' and '.', and begin with a "
               "letter or digit",
               path, name);
}

}  // namespace weir
