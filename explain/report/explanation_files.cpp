#include "explain/report/explanation_files.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/core.h>

#include "core/base/file.h"
#include "explain/pictures/figure.h"
#include "explain/pictures/gallery.h"
#include "explain/pictures/panel.h"
#include "train/metrics/confusion.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// Letters, digits and a few signs; anything else in a name becomes '_'.
std::string file_word(const std::string& text) {
  std::string word = text;
  std::replace_if(
      word.begin(), word.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '.' && c != '-' && c != '_'; }, '_');
  return word;
}

// Names that no two explanations share.
class UniqueNames {
 public:
  std::string of(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !taken_.insert(name).second; ++i) name = fmt::format("{}-{}", wanted, i);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

double probability(const SeenPicture& seen, int label) {
  return double{seen.probabilities[static_cast<size_t>(label)]};
}

const std::string& class_name(const ExplanationNames& names, int label) {
  return names.classes[static_cast<size_t>(label)];
}

std::string explained_text(const ExplainedPicture& picture, const ExplanationNames& names) {
  return fmt::format("{} for {} ({:.1f}%)", names.method, class_name(names, picture.explained),
                     100 * probability(picture.seen, picture.explained));
}

WrittenExplanation write_one(const fs::path& folder, const std::string& name,
                             const ExplainedPicture& picture, const ExplanationNames& names) {
  const WrittenExplanation files{.figure = name + ".png", .map = name + ".csv"};
  const Explanation& found = picture.explanation;
  const std::vector<std::string> lines{picture.seen.name,
                                       prediction_text(picture.seen, names.classes),
                                       explained_text(picture, names)};
  write_png(folder / files.figure, draw_figure(picture.seen.shown, found, {.lines = lines}));
  write_file_atomic(folder / files.map, map_csv(found.map));
  if (!found.pattern.empty()) {
    const HeatMap channels{.height = static_cast<int>(found.pattern.size()) / found.map.width,
                           .width = found.map.width,
                           .values = found.pattern};
    write_file_atomic(folder / (name + "-pattern.csv"), map_csv(channels));
  }
  return files;
}

GalleryTile tile_of(const ExplainedPicture& picture, const ExplanationNames& names, int side) {
  const Explanation& found = picture.explanation;
  const Picture seen = fitted(picture.seen.shown, side);
  const int channels = static_cast<int>(found.pattern.size() / found.map.values.size());
  const Picture right =
      found.pattern.empty()
          ? overlaid(seen, found.map)
          : fitted(pattern_picture(found.pattern, channels, found.map.height, found.map.width),
                   side);
  return {.left = seen,
          .right = right,
          .lines = {picture.seen.name, prediction_text(picture.seen, names.classes),
                    explained_text(picture, names)},
          .stands_out = picture.seen.is_failure()};
}

std::vector<std::string> write_sheets(const fs::path& folder,
                                      const std::vector<ExplainedPicture>& explained,
                                      const ExplanationNames& names) {
  const GalleryOptions options{.title = names.method};
  std::vector<GalleryTile> tiles;
  for (const ExplainedPicture& picture : explained) {
    tiles.push_back(tile_of(picture, names, options.side));
  }
  std::vector<std::string> files;
  UniqueNames unique;
  for (const Picture& sheet : draw_gallery(tiles, options)) {
    files.push_back(unique.of("sheet-" + names.method) + ".png");
    write_png(folder / files.back(), sheet);
  }
  return files;
}

}  // namespace

std::string prediction_text(const SeenPicture& seen, const std::vector<std::string>& classes) {
  const int predicted = seen.predicted();
  std::string text = fmt::format("{} {:.1f}%", classes[static_cast<size_t>(predicted)],
                                 100 * probability(seen, predicted));
  if (seen.label) text += ", true " + classes[static_cast<size_t>(*seen.label)];
  return text;
}

std::string map_csv(const HeatMap& map) {
  std::string text;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      text += fmt::format("{}{}", x > 0 ? "," : "", map.at(y, x));
    }
    text += "\n";
  }
  return text;
}

std::string explanations_csv(const std::vector<ExplainedPicture>& explained,
                             const ExplanationNames& names, const WrittenExplanations& files) {
  std::string text =
      "picture,true,predicted,probability,class,class_probability,lowest,highest,height,width,"
      "figure,map\n";
  for (size_t i = 0; i < explained.size(); ++i) {
    const auto& [seen, label, explanation] = explained[i];
    const HeatMap& map = explanation.map;
    text += fmt::format("{},{},{},{:.6f},{},{:.6f},{},{},{},{},{},{}\n", csv_field(seen.name),
                        seen.label ? csv_field(class_name(names, *seen.label)) : "",
                        csv_field(class_name(names, seen.predicted())),
                        probability(seen, seen.predicted()), csv_field(class_name(names, label)),
                        probability(seen, label), map.lowest(), map.highest(), map.height,
                        map.width, files.each[i].figure, files.each[i].map);
  }
  return text;
}

WrittenExplanations write_explanations(const fs::path& folder,
                                       const std::vector<ExplainedPicture>& explained,
                                       const ExplanationNames& names) {
  make_folder(folder);
  WrittenExplanations files;
  UniqueNames unique;
  for (const ExplainedPicture& picture : explained) {
    const std::string stem = fs::path(picture.seen.name).stem().string();
    const std::string name = unique.of(file_word(
        fmt::format("{}-{}-{}", stem, names.method, class_name(names, picture.explained))));
    files.each.push_back(write_one(folder, name, picture, names));
  }
  files.sheets = write_sheets(folder, explained, names);
  files.table = "table-" + names.method + ".csv";
  write_file_atomic(folder / files.table, explanations_csv(explained, names, files));
  return files;
}

}  // namespace weir
