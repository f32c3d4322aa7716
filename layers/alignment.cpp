#include "layers/alignment.h"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/core.h>

#include "layers/best_matching.h"
#include "layers/weighted.h"

namespace weir {
namespace {

// A layer, and what makes it like another.
struct Described {
  Sequential::Leaf leaf;
  std::string shapes;  // kind, and names and shapes of its tensors
  std::string options;
  std::string given_name;  // the path when somebody chose it, else ""
};

// A weighted layer and what follows it. The first of a section may lack the weighted layer.
struct Unit {
  std::vector<Described> weighted;  // one or none
  std::vector<Described> rest;
};

using Section = std::vector<Unit>;

std::string section_of(const std::string& path) {
  const size_t dot = path.find('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

// "" when the path consists of a section and positions, as "features.3" and "classifier.2.0" do.
std::string given_name(const std::string& path) {
  const size_t dot = path.find('.');
  const std::string in_section = dot == std::string::npos ? path : path.substr(dot);
  return in_section.find_first_not_of(".0123456789") == std::string::npos ? "" : path;
}

Described describe(const Sequential::Leaf& leaf) {
  std::string shapes(leaf.layer->kind());
  for (const NamedParameter& parameter : leaf.layer->parameters()) {
    shapes += fmt::format(" {} {}", parameter.name, parameter.variable.value().shape().str());
  }
  for (const NamedBuffer& buffer : leaf.layer->buffers()) {
    shapes += fmt::format(" {} {}", buffer.name, buffer.tensor->shape().str());
  }
  return {leaf, std::move(shapes), leaf.layer->options(), given_name(leaf.path)};
}

std::map<std::string, Section> sections_of(const Sequential& net) {
  std::map<std::string, Section> sections;
  for (const Sequential::Leaf& leaf : net.leaves()) {
    if (leaf.layer->parameters().empty() && leaf.layer->buffers().empty()) continue;
    Section& section = sections[section_of(leaf.path)];
    if (section.empty()) section.emplace_back();
    if (is_weighted(*leaf.layer)) {
      section.push_back({.weighted = {describe(leaf)}, .rest = {}});
    } else {
      section.back().rest.push_back(describe(leaf));
    }
  }
  return sections;
}

// More pairs win over more equal options, and these over more equal names: a network has fewer than
// a million layers.
int64_t likeness(const Described& a, const Described& b) {
  constexpr int64_t kPair = int64_t{1} << 40, kOptions = int64_t{1} << 20;
  if (a.shapes != b.shapes) return 0;
  const bool same_name = !a.given_name.empty() && a.given_name == b.given_name;
  return kPair + (a.options == b.options ? kOptions : 0) + (same_name ? 1 : 0);
}

class Aligner {
 public:
  void align_sections(const Section& source, const Section& target) {
    const Matching matching =
        best_matching(source.size(), target.size(), [&](size_t i, size_t j) -> int64_t {
          const bool both = !source[i].weighted.empty() && !target[j].weighted.empty();
          return both ? likeness(source[i].weighted[0], target[j].weighted[0]) : 0;
        });
    align_lists(source[0].rest, target[0].rest);
    for (const auto& [i, j] : matching.pairs) {
      add(out_.pairs, source[i].weighted[0], target[j].weighted[0]);
      align_lists(source[i].rest, target[j].rest);
    }
    for (const auto& [i, j] : matching.alternatives) {
      add(out_.alternatives, source[i].weighted[0], target[j].weighted[0]);
    }
  }

  Alignment take() { return std::move(out_); }

 private:
  void align_lists(const std::vector<Described>& source, const std::vector<Described>& target) {
    const Matching matching = best_matching(source.size(), target.size(), [&](size_t i, size_t j) {
      return likeness(source[i], target[j]);
    });
    for (const auto& [i, j] : matching.pairs) add(out_.pairs, source[i], target[j]);
    for (const auto& [i, j] : matching.alternatives) add(out_.alternatives, source[i], target[j]);
  }

  static void add(std::vector<LayerPair>& pairs, const Described& source, const Described& target) {
    pairs.push_back({source.leaf, target.leaf});
  }

  Alignment out_;
};

}  // namespace

Alignment align(const Sequential& source, const Sequential& target) {
  const std::map<std::string, Section> from = sections_of(source), to = sections_of(target);
  Aligner aligner;
  for (const auto& [name, section] : to) {
    if (const auto match = from.find(name); match != from.end()) {
      aligner.align_sections(match->second, section);
    }
  }
  return aligner.take();
}

}  // namespace weir
