#include "compare/plan/plan_file.h"

#include <numeric>
#include <set>
#include <utility>

#include "compare/plan/pairs_reader.h"
#include "compare/plan/plan_reader.h"
#include "compare/plan/variants_reader.h"
#include "train/config/extends.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

class FileReader {
 public:
  FileReader(const YamlNode& root, const std::string& file, ProblemList& problems)
      : root_(root), start_{file, 1, 1}, problems_(problems) {}

  std::vector<PlanField> fields() {
    return {
        {"compare", [this](const YamlEntry& e) { read_name(e); }},
        {"recipe", [this](const YamlEntry& e) { read_files(e, recipe_); }},
        {"base", [this](const YamlEntry& e) { read_files(e, base_); }},
        {"set", [this](const YamlEntry& e) { plan_.set = settings(e, "set"); }},
        {"seeds", [this](const YamlEntry& e) { read_seeds(e); }},
        {"variants", [this](const YamlEntry& e) { plan_.variants = read_variants(e, problems_); }},
        {"grid", [this](const YamlEntry& e) { read_grid(e); }},
        {"tune", [this](const YamlEntry& e) { read_tuning(e); }},
        {"baseline", [this](const YamlEntry& e) { baseline_ = &e; }},
        {"pairs", [this](const YamlEntry& e) { pairs_ = &e; }},
        {"test", [this](const YamlEntry& e) { read_test(e); }},
        {"restarts", [this](const YamlEntry& e) { number(e, plan_.restarts, 0, 99); }},
        {"shift_consistency",
         [this](const YamlEntry& e) { number(e, plan_.shift_consistency, 0, 1024); }}};
  }

  ComparisonPlan read() {
    read_fields(root_, "", fields(), problems_);
    check_present();
    plan_.pairs = read_pairs(pairs_, baseline_, plan_.variants, problems_);
    plan_.files = recipe_;
    plan_.files.insert(plan_.files.end(), base_.begin(), base_.end());
    if (plan_.seeds.empty()) plan_.seeds = {1, 2, 3, 4, 5};
    return std::move(plan_);
  }

 private:
  void number(const YamlEntry& entry, int& field, double least, double most) {
    read_value(entry.value, whole_number(entry.key, least, most), field, problems_);
  }

  YamlNode settings(const YamlEntry& entry, const std::string& path) {
    return read_settings(entry.value, path, problems_);
  }

  void read_name(const YamlEntry& entry) {
    read_value(entry.value, any_text("compare"), plan_.name, problems_);
    check_folder_name(plan_.name, entry.value.place, "compare", problems_);
  }

  // Relative to the file that names them.
  void read_files(const YamlEntry& entry, std::vector<fs::path>& files) {
    const bool is_list = entry.value.is_list();
    const std::vector<YamlNode> names = is_list ? entry.value.items : std::vector{entry.value};
    for (const YamlNode& name : names) {
      std::string text;
      read_value(name, any_text(entry.key), text, problems_);
      if (text.empty()) continue;
      const fs::path file = (fs::path(name.place.source).parent_path() / text).lexically_normal();
      std::error_code error;
      if (!fs::is_regular_file(file, error)) {
        problems_.add(name.place, "{}: there is no file {}", entry.key, file.string());
      }
      files.push_back(file);
    }
  }

  void read_seeds(const YamlEntry& entry) {
    std::vector<int> list;
    if (entry.value.is_list()) {
      KeyInfo info = whole_number("seeds", 0, static_cast<double>(kSeedsEnd - 1));
      info.type = KeyType::kIntegers;
      read_value(entry.value, info, list, problems_);
    } else {
      int count = 0;
      read_value(entry.value, whole_number("seeds", 1, 1000), count, problems_);
      list.resize(static_cast<size_t>(count));
      std::iota(list.begin(), list.end(), 1);
    }
    if (std::set<int>(list.begin(), list.end()).size() != list.size()) {
      problems_.add(entry.value.place, "seeds: each seed may stand there once");
    }
    plan_.seeds.assign(list.begin(), list.end());
  }

  void read_grid(const YamlEntry& entry) {
    if (!entry.value.is_map()) {
      problems_.add(entry.value.place, "grid: expected KEY: [VALUE, ..], found {}",
                    entry.value.found());
      return;
    }
    for (const YamlEntry& axis : entry.value.entries) {
      const std::string path = "grid." + axis.key;
      if (is_set_by_comparison(axis.key)) {
        problems_.add(axis.key_place, "grid: {} is set by the comparison itself", axis.key);
      }
      plan_.grid.push_back({.key = axis.key,
                            .values = read_scalars(axis.value, path, problems_),
                            .place = axis.key_place});
    }
  }

  void read_tuning(const YamlEntry& entry) {
    if (entry.value.is_null()) return plan_.tune.reset();  // an extended file's is switched off
    PlanTuning tune{.place = entry.key_place};
    const auto text = [&](const YamlEntry& e) {
      read_value(e.value, any_text("tune.key"), tune.key, problems_);
      if (is_set_by_comparison(tune.key)) {
        problems_.add(e.value.place, "tune.key: {} is set by the comparison itself", tune.key);
      }
    };
    const auto values = [&](const YamlEntry& e) {
      tune.values = read_scalars(e.value, "tune.values", problems_);
    };
    const auto whole = [&](int& field, double most) {
      return [&field, most, this](const YamlEntry& e) {
        read_value(e.value, whole_number("tune." + e.key, 1, most), field, problems_);
      };
    };
    read_fields(entry.value, "tune",
                {{"key", text},
                 {"values", values},
                 {"epochs", whole(tune.epochs, 100000)},
                 {"seeds", whole(tune.seeds, 1000)},
                 {"set", [&](const YamlEntry& e) { tune.set = settings(e, "tune.set"); }}},
                problems_);
    if (entry.value.is_map() && tune.values.empty()) {
      problems_.add(entry.key_place, "tune: needs values, as in values: [0.1, 0.05, 0.01]");
    }
    plan_.tune = std::move(tune);
  }

  void read_test(const YamlEntry& entry) {
    PlanTest& test = plan_.test;
    read_fields(entry.value, "test",
                {{"method",
                  [&](const YamlEntry& e) {
                    read_value(e.value, one_word_of("test.method", {"auto", "paired", "unpaired"}),
                               test.method, problems_);
                  }},
                 {"alpha",
                  [&](const YamlEntry& e) {
                    read_value(e.value, share_between_0_and_1("test.alpha"), test.alpha, problems_);
                  }},
                 {"power",
                  [&](const YamlEntry& e) {
                    read_value(e.value, share_between_0_and_1("test.power"), test.power, problems_);
                  }}},
                problems_);
  }

  void check_present() {
    if (plan_.name.empty() && !root_.find("compare")) {
      problems_.add(start_, "compare: needs a name, which is also the folder of the results");
    }
    if (base_.empty() && !root_.find("base")) {
      problems_.add(start_, "base: needs the configuration that the nets share");
    }
    if (!root_.find("variants")) problems_.add(start_, "variants: needs the nets to compare");
  }

  const YamlNode& root_;
  const Place start_;
  ProblemList& problems_;
  ComparisonPlan plan_;
  std::vector<fs::path> recipe_, base_;
  const YamlEntry *baseline_ = nullptr, *pairs_ = nullptr;
};

}  // namespace

ComparisonPlan read_plan(const fs::path& file) {
  ProblemList problems;
  const MergedYaml yaml = read_with_extends(file, problems);
  ComparisonPlan plan = FileReader(yaml.root, file.string(), problems).read();
  problems.throw_if_any();
  plan.file = file;
  return plan;
}

std::vector<std::string> plan_keys() {
  ProblemList problems;
  const YamlNode nothing;
  std::vector<std::string> keys;
  for (const PlanField& field : FileReader(nothing, "", problems).fields())
    keys.push_back(field.name);
  return keys;
}

}  // namespace weir
