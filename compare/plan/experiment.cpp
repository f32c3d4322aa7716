#include "compare/plan/experiment.h"

#include <algorithm>
#include <map>
#include <set>

#include "compare/plan/conflicts.h"
#include "compare/plan/net_loader.h"
#include "core/base/error.h"
#include "train/config/emit.h"

namespace weir {
namespace {

using Point = std::vector<std::pair<const PlanAxis*, const YamlNode*>>;

std::string text_of(const YamlNode& value) { return value.is_null() ? "null" : value.text; }

// "data.limit-5000"
std::string folder_of(const std::string& key, const YamlNode& value) {
  std::string text = text_of(value);
  for (char& c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
    if (!plain) c = '_';
  }
  return key + '-' + text;
}

// Every combination, the last axis fastest; one empty point without axes.
std::vector<Point> points_of(const std::vector<PlanAxis>& grid) {
  std::vector<Point> points(1);
  for (const PlanAxis& axis : grid) {
    std::vector<Point> longer;
    for (const Point& point : points) {
      for (const YamlNode& value : axis.values) {
        longer.push_back(point);
        longer.back().emplace_back(&axis, &value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

// What every run of a comparison has in common.
Config as_run(Config config) {
  config.train.resume.reset();
  config.train.test = true;
  config.expect = {};
  return config;
}

class Expansion {
 public:
  Expansion(const ComparisonPlan& plan, const std::vector<Override>& overrides,
            ProblemList& problems)
      : plan_(plan), problems_(problems), loader_(plan, overrides, problems) {}

  std::vector<Cell> cells() {
    std::vector<Cell> cells;
    for (const Point& point : points_of(plan_.grid)) {
      std::vector<Cell> here;
      for (const PlanVariant& variant : plan_.variants) {
        std::optional<Cell> cell = make_cell(variant, point);
        if (cell) here.push_back(std::move(*cell));
      }
      if (here.size() != plan_.variants.size()) continue;  // something is wrong and is said
      choose_widths(here);
      check_differences(here);
      check_pairs(here);
      for (Cell& cell : here) cells.push_back(std::move(cell));
    }
    check_folders(cells);
    if (!problems_.empty()) return cells;  // what follows would say it again, in other words
    for (const Cell& cell : cells) check_candidates(cell);
    check_points(cells);
    return cells;
  }

 private:
  std::optional<Cell> make_cell(const PlanVariant& variant, const Point& point) {
    Cell cell{.variant = variant.name, .folder = variant.name};
    std::vector<YamlNode> layers{variant.values};
    for (const auto& [axis, value] : point) {
      cell.point.emplace_back(axis->key, text_of(*value));
      cell.folder += '/' + folder_of(axis->key, *value);
      layers.push_back(nested(axis->key, axis->place, *value));
    }
    const bool whole = plan_.tune ? add_candidates(layers, cell) : add_config(layers, cell);
    if (!whole || !add_cost(variant.place, cell)) return std::nullopt;
    return cell;
  }

  bool add_config(const std::vector<YamlNode>& layers, Cell& cell) {
    std::optional<Config> config = loader_.load(layers);
    if (config) cell.config = as_run(std::move(*config));
    return config.has_value();
  }

  bool add_candidates(std::vector<YamlNode> layers, Cell& cell) {
    const PlanTuning& tune = *plan_.tune;
    for (const YamlNode& value : tune.values) {
      std::vector<YamlNode> own = layers;
      own.push_back(nested(tune.key, tune.place, value));
      const std::optional<Config> config = loader_.load(own);
      own.push_back(tune.set);
      const std::optional<Config> trial =
          loader_.load(own, {{fmt::format("train.epochs={}", tune.epochs),
                              "tune.epochs"}});  // whatever KEY=VALUE says
      if (!config || !trial) continue;
      cell.candidates.push_back({.value = text_of(value),
                                 .folder = folder_of(tune.key, value),
                                 .config = as_run(*config),
                                 .trial = as_run(*trial)});
      cell.candidates.back().trial.train.test = false;
    }
    if (cell.candidates.size() != tune.values.size()) return false;
    cell.config = cell.candidates.front().config;
    return check_tuning(cell);
  }

  bool check_tuning(const Cell& cell) {
    const PlanTuning& tune = *plan_.tune;
    const bool validates = cell.candidates.front().trial.data.val_split > 0;
    if (!validates) {
      say(tune.place,
          "tune: the trials need validation pictures, and data.val_split is 0; give them some with "
          "set: {data.val_split: 0.1} under tune");
    }
    const auto seeds = static_cast<int>(plan_.seeds.size());
    if (tune.seeds > seeds) {
      say(tune.place, fmt::format("tune.seeds: the comparison has {} seeds", seeds));
    }
    return validates && tune.seeds <= seeds;
  }

  bool add_cost(const Place& place, Cell& cell) {
    try {
      cell.cost = net_cost(cell.config);
      return true;
    } catch (const Error& error) {
      say(place, fmt::format("variant {}: {}", cell.variant, error.what()));
      return false;
    }
  }

  void choose_widths(std::vector<Cell>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const PlanVariant& variant = plan_.variants[i];
      if (!variant.equal_macs.empty()) {
        choose_width(variant, variant.equal_macs, &NetCost::macs, cells, cells[i]);
      } else if (!variant.equal_parameters.empty()) {
        choose_width(variant, variant.equal_parameters, &NetCost::parameters, cells, cells[i]);
      }
    }
  }

  void choose_width(const PlanVariant& variant, const std::string& like, int64_t NetCost::*measure,
                    const std::vector<Cell>& cells, Cell& cell) {
    const size_t at = index_of(like);
    const PlanVariant& other = plan_.variants[at];
    if (!other.equal_macs.empty() || !other.equal_parameters.empty() || &other == &variant) {
      return say(variant.place, fmt::format("variant {}: {} has no width of its own to follow",
                                            variant.name, like));
    }
    try {
      const double width = width_for(cell.config, measure, cells[at].cost.*measure);
      cell.config.model.width = width;
      for (Candidate& candidate : cell.candidates) {
        candidate.config.model.width = candidate.trial.model.width = width;
      }
      cell.cost = net_cost(cell.config);
    } catch (const Error& error) {
      say(variant.place, fmt::format("variant {}: {}", variant.name, error.what()));
    }
  }

  size_t index_of(const std::string& variant) const {
    const auto found = std::find_if(plan_.variants.begin(), plan_.variants.end(),
                                    [&](const PlanVariant& v) { return v.name == variant; });
    return static_cast<size_t>(found - plan_.variants.begin());
  }

  // Equal configurations would give equal nets, byte for byte.
  void check_differences(const std::vector<Cell>& cells) {
    for (size_t j = 1; j < cells.size(); ++j) {
      for (size_t i = 0; i < j; ++i) {
        if (!diff(cells[i].config, cells[j].config).empty()) continue;
        say(plan_.variants[j].place, fmt::format("variants {} and {} are the same configuration",
                                                 cells[i].variant, cells[j].variant));
      }
    }
  }

  // Two equal trials would be one, and so would two trials in one folder.
  void check_candidates(const Cell& cell) {
    const std::vector<Candidate>& all = cell.candidates;
    for (size_t j = 1; j < all.size(); ++j) {
      for (size_t i = 0; i < j; ++i) {
        const bool same_run = diff(all[i].config, all[j].config).empty();
        if (same_run || diff(all[i].trial, all[j].trial).empty()) {
          say(plan_.tune->place,
              fmt::format("tune.values: {} and {} give the same {}", all[i].value, all[j].value,
                          same_run ? "configuration" : "trial"));
        } else if (all[i].folder == all[j].folder) {
          say(plan_.tune->place, fmt::format("tune.values: {} and {} have the same folder, {}",
                                             all[i].value, all[j].value, all[i].folder));
        }
      }
    }
  }

  // A key of the grid may mean nothing to a net, or two values the same: 0.1 and 0.10.
  void check_points(const std::vector<Cell>& cells) {
    const size_t variants = plan_.variants.size();
    for (size_t j = variants; j < cells.size(); ++j) {
      for (size_t i = j % variants; i < j; i += variants) {
        if (!diff(cells[i].config, cells[j].config).empty()) continue;
        say(plan_.grid.front().place, fmt::format("grid: {} and {} are the same configuration",
                                                  cells[i].str(), cells[j].str()));
      }
    }
  }

  void check_pairs(const std::vector<Cell>& cells) {
    for (const PlanPair& pair : plan_.pairs) {
      if (pair.equal.empty()) continue;
      const bool macs = pair.equal == "macs";
      const auto measure = macs ? &NetCost::macs : &NetCost::parameters;
      const int64_t a = cells[index_of(pair.a)].cost.*measure,
                    b = cells[index_of(pair.b)].cost.*measure;
      if (cost_gap(a, b) <= kEqualWithin) continue;
      say(pair.place,
          fmt::format("pairs.{}: the {} are not equal, {} has {} and {} has {}; {}: NAME in a "
                      "variant chooses its width",
                      pair.name, macs ? "multiply-adds" : "parameters", pair.a, a, pair.b, b,
                      macs ? "equal_macs" : "equal_parameters"));
    }
  }

  void check_folders(const std::vector<Cell>& cells) {
    std::set<std::string> folders;
    for (const Cell& cell : cells) {
      if (folders.insert(cell.folder).second) continue;
      say(plan_.grid.front().place,
          fmt::format("grid: two values have the same folder, {}", cell.folder));
    }
  }

  // Once, however many nets have it.
  void say(const Place& place, const std::string& message) {
    if (said_.insert(place.str() + message).second) problems_.add(place, "{}", message);
  }

  const ComparisonPlan& plan_;
  ProblemList& problems_;
  NetLoader loader_;
  std::set<std::string> said_;
};

}  // namespace

std::string Cell::str() const {
  std::string text = variant;
  for (const auto& [key, value] : point) text += fmt::format(" {} {}", key, value);
  return text;
}

const Cell& Experiment::cell(size_t point, const std::string& variant) const {
  const size_t variants = plan.variants.size();
  const auto first = cells.begin() + static_cast<ptrdiff_t>(point * variants);
  return *std::find_if(first, first + static_cast<ptrdiff_t>(variants),
                       [&](const Cell& cell) { return cell.variant == variant; });
}

Experiment make_experiment(ComparisonPlan plan, const std::vector<Override>& overrides) {
  ProblemList problems;
  check_conflicts(plan, overrides, problems);
  std::vector<Cell> cells = Expansion(plan, overrides, problems).cells();
  problems.throw_if_any();
  const std::filesystem::path root = cells.front().config.output.dir;
  std::filesystem::path folder = root / plan.name;
  return {.plan = std::move(plan),
          .overrides = overrides,
          .folder = std::move(folder),
          .cells = std::move(cells)};
}

}  // namespace weir
