#include "apps/explain_report.h"

#include <algorithm>

#include <fmt/core.h>

namespace weir {
namespace {

using Row = std::vector<std::string>;

std::string percent(const SeenPicture& seen, int label) {
  return fmt::format("{:.1f}%", 100 * seen.probabilities[static_cast<size_t>(label)]);
}

Row row_of(const ExplainedPicture& picture, const std::vector<std::string>& classes) {
  const SeenPicture& seen = picture.seen;
  const HeatMap& map = picture.explanation.map;
  const auto name = [&](int label) { return classes[static_cast<size_t>(label)]; };
  return {seen.name,
          seen.label ? name(*seen.label) : "-",
          name(seen.predicted()),
          percent(seen, seen.predicted()),
          name(picture.explained),
          percent(seen, picture.explained),
          fmt::format("{:.4g}", map.lowest()),
          fmt::format("{:.4g}", map.highest()),
          fmt::format("{}x{}", map.height, map.width)};
}

}  // namespace

std::string explanations_table(const std::vector<ExplainedPicture>& explained,
                               const ExplanationNames& names) {
  std::vector<Row> rows{
      {"picture", "true", "predicted", "p", "class", "p(class)", "lowest", "highest", "map"}};
  for (const ExplainedPicture& picture : explained) {
    rows.push_back(row_of(picture, names.classes));
  }
  std::vector<size_t> widths(rows[0].size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      text += fmt::format("{:<{}}  ", row[i], widths[i]);
    }
    text += row.back() + "\n";
  }
  return text;
}

nlohmann::ordered_json explanation_json(const ExplainedPicture& picture,
                                        const ExplanationNames& names,
                                        const WrittenExplanation& files) {
  const SeenPicture& seen = picture.seen;
  const HeatMap& map = picture.explanation.map;
  const auto name = [&](int label) { return names.classes[static_cast<size_t>(label)]; };
  const auto probability = [&](int label) {
    return seen.probabilities[static_cast<size_t>(label)];
  };
  nlohmann::ordered_json json{{"picture", seen.name},
                              {"true", nullptr},
                              {"predicted", name(seen.predicted())},
                              {"probability", probability(seen.predicted())},
                              {"class", name(picture.explained)},
                              {"class_probability", probability(picture.explained)},
                              {"lowest", map.lowest()},
                              {"highest", map.highest()},
                              {"height", map.height},
                              {"width", map.width},
                              {"figure", files.figure},
                              {"map", files.map}};
  if (seen.label) json["true"] = name(*seen.label);
  return json;
}

}  // namespace weir
