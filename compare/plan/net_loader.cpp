#include "compare/plan/net_loader.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "train/config/extends.h"

namespace weir {
namespace {

void add_sources(const YamlNode& node, std::vector<std::string>& sources) {
  const std::string& source = node.place.source;
  if (!source.empty() && std::find(sources.begin(), sources.end(), source) == sources.end()) {
    sources.push_back(source);
  }
  for (const YamlEntry& entry : node.entries) add_sources(entry.value, sources);
}

void add_layer(const YamlNode& layer, MergedYaml& yaml) {
  std::vector<std::string> sources;
  add_sources(layer, sources);
  yaml.sources.insert(yaml.sources.end(), sources.begin(), sources.end());
  if (layer.is_map()) merge_into(yaml.root, layer);
}

}  // namespace

NetLoader::NetLoader(const ComparisonPlan& plan, const std::vector<Override>& overrides,
                     ProblemList& problems)
    : plan_(plan), overrides_(overrides), problems_(problems) {
  files_.root.kind = YamlNode::Kind::kMap;
  for (const std::filesystem::path& file : plan.files) {
    MergedYaml read = read_with_extends(file, problems);
    files_.sources.insert(files_.sources.end(), read.sources.begin(), read.sources.end());
    merge_into(files_.root, std::move(read.root));
  }
}

std::optional<Config> NetLoader::load(const std::vector<YamlNode>& layers,
                                      const std::vector<Override>& last) {
  std::vector<Override> overrides = overrides_;
  overrides.insert(overrides.end(), last.begin(), last.end());
  MergedYaml yaml = files_;
  add_layer(plan_.set, yaml);
  for (const YamlNode& layer : layers) add_layer(layer, yaml);
  try {
    LoadedConfig loaded = load_config(std::move(yaml), overrides);
    for (const std::string& warning : loaded.warnings) {
      if (said_.insert(warning).second) log_warning("{}", warning);
    }
    return std::move(loaded.config);
  } catch (const ConfigErrors& errors) {
    report(errors);
    return std::nullopt;
  }
}

void NetLoader::report(const ConfigErrors& errors) {
  for (const ConfigProblem& problem : errors.problems()) {
    if (said_.insert(problem.str()).second) problems_.add(problem.place, "{}", problem.message);
  }
}

}  // namespace weir
