#include "compare/plan/pairs_reader.h"

#include <algorithm>
#include <utility>

#include "compare/plan/plan_reader.h"
#include "compare/plan/variants_reader.h"

namespace weir {
namespace {

PlanPair pair_of(const PlanVariant& a, const PlanVariant& b) {
  return {.name = a.name + " against " + b.name,
          .a = a.name,
          .b = b.name,
          .equal = "",
          .place = a.place};
}

std::vector<PlanPair> all_pairs(const std::vector<PlanVariant>& variants) {
  std::vector<PlanPair> pairs;
  for (size_t i = 0; i < variants.size(); ++i) {
    for (size_t j = i + 1; j < variants.size(); ++j) {
      pairs.push_back(pair_of(variants[j], variants[i]));
    }
  }
  return pairs;
}

std::vector<PlanPair> pairs_against(const YamlEntry& baseline,
                                    const std::vector<PlanVariant>& variants,
                                    ProblemList& problems) {
  std::string name;
  read_value(baseline.value, any_text("baseline"), name, problems);
  std::vector<PlanPair> pairs;
  if (!check_variant(name, baseline.value.place, "baseline", variants, problems)) return pairs;
  const auto at = std::find_if(variants.begin(), variants.end(),
                               [&](const PlanVariant& variant) { return variant.name == name; });
  for (const PlanVariant& variant : variants) {
    if (variant.name != name) pairs.push_back(pair_of(variant, *at));
  }
  return pairs;
}

PlanPair read_pair(const YamlEntry& entry, const std::vector<PlanVariant>& variants,
                   ProblemList& problems) {
  const std::string path = "pairs." + entry.key;
  PlanPair pair{.name = entry.key, .a = "", .b = "", .equal = "", .place = entry.key_place};
  const auto variant = [&](std::string& name) {
    return [&](const YamlEntry& e) {
      read_value(e.value, any_text(path + '.' + e.key), name, problems);
      check_variant(name, e.value.place, path + '.' + e.key, variants, problems);
    };
  };
  const auto equal = [&](const YamlEntry& e) {
    read_value(e.value, one_word_of(path + ".equal", {"parameters", "macs"}), pair.equal, problems);
  };
  const size_t before = problems.size();
  read_fields(entry.value, path, {{"a", variant(pair.a)}, {"b", variant(pair.b)}, {"equal", equal}},
              problems);
  if (problems.size() == before && (pair.a.empty() || pair.b.empty() || pair.a == pair.b)) {
    problems.add(entry.key_place, "{}: needs two different variants, a and b", path);
  }
  return pair;
}

}  // namespace

std::vector<PlanPair> read_pairs(const YamlEntry* pairs, const YamlEntry* baseline,
                                 const std::vector<PlanVariant>& variants, ProblemList& problems) {
  if (pairs != nullptr && baseline != nullptr) {
    problems.add(pairs->key_place, "pairs and baseline both say what is tested; keep one");
    return {};
  }
  if (baseline != nullptr) return pairs_against(*baseline, variants, problems);
  if (pairs == nullptr) return all_pairs(variants);
  std::vector<PlanPair> read;
  if (!pairs->value.is_map()) {
    problems.add(pairs->value.place, "pairs: expected NAME: {{a: VARIANT, b: VARIANT}}, found {}",
                 pairs->value.found());
    return read;
  }
  for (const YamlEntry& entry : pairs->value.entries) {
    read.push_back(read_pair(entry, variants, problems));
  }
  return read;
}

}  // namespace weir
