#include "explain/measure/localize.h"

#include <algorithm>
#include <numeric>

#include "explain/measure/baselines.h"
#include "train/metrics/scores.h"

namespace weir {
namespace {

constexpr int kBatch = 32;  // pictures may be large

double accuracy(TrainedModel& model, const Images& images) {
  int right = 0;
  for (int first = 0; first < images.count(); first += kBatch) {
    std::vector<int> indices(static_cast<size_t>(std::min(kBatch, images.count() - first)));
    std::iota(indices.begin(), indices.end(), first);
    const Images some = subset(images, indices);
    const std::vector<std::vector<float>> rows = predict(model, some);
    for (size_t i = 0; i < rows.size(); ++i) right += rank_of(rows[i], some.labels[i]) == 0;
  }
  return double(right) / images.count();
}

}  // namespace

Localization localize(TrainedModel& model, const std::string& name, const LocatedPictures& pictures,
                      const ExplainOptions& options, uint64_t seed) {
  const Images& images = pictures.images;
  Localization found{.pictures = name, .rows = {}, .maps = {}};
  std::vector<HeatMap> random_maps;
  for (Explanation& explanation : explain(model, images, images.labels, options)) {
    random_maps.push_back(random_map(explanation.map, seed, static_cast<int>(random_maps.size())));
    found.maps.push_back(std::move(explanation.map));
  }
  found.accuracy = accuracy(model, images);
  found.rows = {
      {options.method, measure_localization(found.maps, pictures.places)},
      {"random map", measure_localization(random_maps, pictures.places)},
      {"centre box", measure_localization(centre_boxes(pictures.places), pictures.places)}};
  return found;
}

}  // namespace weir
