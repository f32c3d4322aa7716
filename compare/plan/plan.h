// What a comparison file says. Values of configuration keys stay YAML, with their places, until
// they meet the configuration of a net (compare/plan/experiment.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/config/yaml_node.h"

namespace weir {

struct PlanVariant {
  std::string name;
  YamlNode values;  // a map, dotted keys taken apart: {model: {downsample: strided}}
  // Names of variants whose multiply-adds or parameters this one is to have: its width is chosen.
  std::string equal_macs, equal_parameters;
  Place place;
};

// One more dimension: every variant at every value.
struct PlanAxis {
  std::string key;
  std::vector<YamlNode> values;  // scalars
  Place place;
};

// For each net by itself, the value with the best validation accuracy in short trials.
struct PlanTuning {
  std::string key = "optimizer.lr";
  std::vector<YamlNode> values;
  int epochs = 5;
  int seeds = 1;  // the first so many of the comparison's
  YamlNode set;   // only in trials, as {data: {val_split: 0.1}}
  Place place;
};

// Two variants whose difference is tested.
struct PlanPair {
  std::string name, a, b;
  std::string equal;  // "", or what must be equal: "parameters" or "macs"
  Place place;
};

struct PlanTest {
  std::string method = "auto";  // auto | paired | unpaired
  double alpha = 0.05, power = 0.8;
};

struct ComparisonPlan {
  std::string name;
  std::filesystem::path file;  // that says all this
  // What the nets are made from, weakest first: the recipe, then the base.
  std::vector<std::filesystem::path> files;
  YamlNode set;  // for every net
  std::vector<uint64_t> seeds;
  std::vector<PlanVariant> variants;
  std::vector<PlanAxis> grid;
  std::vector<PlanPair> pairs;
  std::optional<PlanTuning> tune;
  PlanTest test;
  int restarts = 3;           // of a net that is stuck or diverges, each with a new seed
  int shift_consistency = 4;  // pixels; 0: not measured
};

inline constexpr uint64_t kSeedsEnd = 1'000'000;  // restarts take seeds from here on

}  // namespace weir
