// The configuration of one net of a comparison, from the layers that make it up.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compare/plan/plan.h"
#include "train/config/load.h"

namespace weir {

class NetLoader {
 public:
  // Reads the plan's files. What is wrong with them goes to `problems`.
  NetLoader(const ComparisonPlan& plan, const std::vector<Override>& overrides,
            ProblemList& problems);

  // Files, the plan's `set`, `layers` (weakest first), overrides, `last`. None when something is
  // wrong; the problems, each of them once however many nets have it, go where the constructor's
  // go.
  std::optional<Config> load(const std::vector<YamlNode>& layers,
                             const std::vector<Override>& last = {});

 private:
  void report(const ConfigErrors& errors);

  const ComparisonPlan& plan_;
  const std::vector<Override>& overrides_;
  ProblemList& problems_;
  MergedYaml files_;
  std::set<std::string> said_;
};

}  // namespace weir
