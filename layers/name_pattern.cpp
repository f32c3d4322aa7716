#include "layers/name_pattern.h"

#include <algorithm>

#include <fnmatch.h>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

const std::string& without_word(const std::string& pattern) {
  static const std::string features = "features", classifier = "classifier";
  if (pattern == "backbone") return features;
  return pattern == "head" ? classifier : pattern;
}

// "features", "features.0" and "features.0.weight" of the last.
std::vector<std::string> with_owners(const std::string& name) {
  std::vector<std::string> names;
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    names.push_back(name.substr(0, dot));
  }
  names.push_back(name);
  return names;
}

// The names of layers that own parameters.
std::vector<std::string> owners(const std::vector<NamedParameter>& parameters) {
  std::vector<std::string> names;
  for (const NamedParameter& parameter : parameters) {
    const std::string owner = parameter.name.substr(0, parameter.name.rfind('.'));
    if (names.empty() || names.back() != owner) names.push_back(owner);
  }
  return names;
}

std::string no_match(const std::string& pattern, const std::vector<NamedParameter>& parameters) {
  std::vector<std::string> names = {"backbone", "head"};
  for (const NamedParameter& parameter : parameters) {
    for (std::string& name : with_owners(parameter.name)) names.push_back(std::move(name));
  }
  const std::string word = pattern.substr(0, pattern.find_last_not_of(".*") + 1);
  return fmt::format("'{}' fits no parameter{}; layers with parameters: {}", pattern,
                     did_you_mean(word, names), join(owners(parameters)));
}

}  // namespace

bool fits(const std::string& pattern, const std::string& name) {
  const std::string& glob = without_word(pattern);
  const std::vector<std::string> names = with_owners(name);
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return fnmatch(glob.c_str(), candidate.c_str(), 0) == 0;
  });
}

bool fits_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(pattern, name); });
}

void require_fitting(const std::vector<std::string>& patterns,
                     const std::vector<NamedParameter>& parameters, const std::string& key) {
  std::vector<std::string> lines;
  for (const std::string& pattern : patterns) {
    const bool found =
        std::any_of(parameters.begin(), parameters.end(),
                    [&](const NamedParameter& parameter) { return fits(pattern, parameter.name); });
    if (!found) lines.push_back(fmt::format("{}: {}", key, no_match(pattern, parameters)));
  }
  require(lines.empty(), "{}", join(lines, "\n"));
}

}  // namespace weir
