#include "explain/report/localization_report.h"

#include <algorithm>

#include <fmt/core.h>

#include "datasets/drawing.h"
#include "datasets/image_planes.h"
#include "explain/pictures/gallery.h"
#include "explain/pictures/panel.h"
#include "train/metrics/confusion.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) {
  if (!value) return nullptr;
  return *value;
}

std::string csv_value(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return csv_field(value.get<std::string>());
  return value.is_number_float() ? fmt::format("{:.6f}", value.get<double>()) : value.dump();
}

// Boxes are in pixels of the picture that the panel shows.
void draw_box(Drawing& drawing, const Box& box, double scale, Colour colour) {
  constexpr int kThick = 2;
  const auto at = [scale](int position) { return static_cast<int>(position * scale); };
  const int left = at(box.left), top = at(box.top);
  const int width = at(box.right) - left, height = at(box.bottom) - top;
  drawing.rectangle(left, top, width, kThick, colour);
  drawing.rectangle(left, top + height - kThick, width, kThick, colour);
  drawing.rectangle(left, top, kThick, height, colour);
  drawing.rectangle(left + width - kThick, top, kThick, height, colour);
}

GalleryTile tile_of(const HeatMap& map, const LocatedPictures& pictures, int i, int side,
                    const std::string& name) {
  constexpr Colour kTrue{255, 255, 255}, kFound{86, 180, 233};
  const ObjectPlace& place = pictures.places[static_cast<size_t>(i)];
  const Picture seen = fitted(picture_of(pictures.images, i), side);
  Drawing drawing(seen.width, seen.height, {});
  drawing.paste(overlaid(seen, map), 0, 0, 1);
  const double scale = double(seen.width) / place.width;
  draw_box(drawing, place.box, scale, kTrue);
  const std::optional<Box> box = object_box(resized(map, place.height, place.width));
  if (box) draw_box(drawing, *box, scale, kFound);
  const double overlap = box ? intersection_over_union(*box, place.box) : 0;
  return {.left = seen,
          .right = drawing.picture(),
          .lines = {fmt::format("{}, overlap {:.2f}", name, overlap)}};
}

}  // namespace

Json localization_json(const Localization& measured, const MeasuredMaps& row) {
  const LocalizationScores& scores = row.scores;
  return {{"pictures", measured.pictures},
          {"maps", row.maps},
          {"count", scores.pictures},
          {"accuracy", measured.accuracy},
          {"gt_known", scores.gt_known},
          {"max_box_acc_v2", scores.max_box_acc_v2},
          {"box_acc_30", scores.box_acc[0]},
          {"box_acc_50", scores.box_acc[1]},
          {"box_acc_70", scores.box_acc[2]},
          {"threshold_30", scores.thresholds[0]},
          {"threshold_50", scores.thresholds[1]},
          {"threshold_70", scores.thresholds[2]},
          {"pointing", scores.pointing},
          {"energy", scores.energy},
          {"mask_pointing", or_null(scores.mask_pointing)},
          {"mask_energy", or_null(scores.mask_energy)},
          {"without_box", scores.without_box}};
}

std::string localization_csv(const std::vector<Localization>& measured) {
  std::string header, rows;
  for (const Localization& pictures : measured) {
    for (const MeasuredMaps& row : pictures.rows) {
      header.clear();
      const Json fields = localization_json(pictures, row);
      for (const auto& [name, value] : fields.items()) {
        const char* comma = header.empty() ? "" : ",";
        header += comma + name;
        rows += comma + csv_value(value);
      }
      rows += "\n";
    }
  }
  return header + "\n" + rows;
}

Picture draw_localization(const Localization& measured, const LocatedPictures& pictures,
                          const std::vector<std::string>& classes) {
  const GalleryOptions options{.title =
                                   fmt::format("{} on {}: white is the true box, blue the map's",
                                               measured.rows.front().maps, measured.pictures)};
  std::vector<int> scored;
  for (int i = 0; i < pictures.images.count(); ++i) {
    if (!is_held_out(i)) scored.push_back(i);
  }
  const size_t most = static_cast<size_t>(options.columns) * static_cast<size_t>(options.rows);
  const size_t count = std::min(most, scored.size());
  std::vector<GalleryTile> tiles;
  for (size_t k = 0; k < count; ++k) {
    const int i = scored[k * scored.size() / count];
    const auto label = static_cast<size_t>(pictures.images.labels[static_cast<size_t>(i)]);
    tiles.push_back(
        tile_of(measured.maps[static_cast<size_t>(i)], pictures, i, options.side, classes[label]));
  }
  return draw_gallery(tiles, options).front();
}

}  // namespace weir
