#include "explain/measure/map_scores.h"

#include <algorithm>

#include "explain/measure/regions.h"

namespace weir {
namespace {

constexpr float kBoxThreshold = 0.2f;  // of the highest value

bool is_inside(const ObjectPlace& place, bool in_mask, int y, int x) {
  return in_mask ? place.mask[static_cast<size_t>(y) * place.width + x] != 0
                 : place.box.contains(y, x);
}

// The part of `weight` over all cells that lies on the object; 0 when there is nothing.
template <class Weight>
double share_inside(const HeatMap& map, const ObjectPlace& place, bool in_mask,
                    const Weight& weight) {
  double inside = 0, all = 0;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const double here = weight(map.at(y, x));
      all += here;
      if (is_inside(place, in_mask, y, x)) inside += here;
    }
  }
  return all > 0 ? inside / all : 0;
}

}  // namespace

std::optional<Box> object_box(const HeatMap& map) {
  const float highest = map.highest();
  if (!(highest > 0)) return std::nullopt;
  const std::vector<Region> regions = regions_above(map, kBoxThreshold * highest);
  return std::max_element(regions.begin(), regions.end(),
                          [](const Region& a, const Region& b) { return a.cells < b.cells; })
      ->box;
}

double pointing(const HeatMap& map, const ObjectPlace& place, bool in_mask) {
  return share_inside(map, place, in_mask, [highest = map.highest()](float value) {
    return value == highest ? 1. : 0.;
  });
}

double energy(const HeatMap& map, const ObjectPlace& place, bool in_mask) {
  return share_inside(map, place, in_mask,
                      [](float value) { return double{std::max(value, 0.f)}; });
}

std::array<double, kThresholds> best_overlaps(const HeatMap& map, const Box& truth) {
  std::array<double, kThresholds> best{};
  const float low = map.lowest(), range = map.highest() - low;
  if (!(range > 0)) return best;
  for (int t = 0; t < kThresholds; ++t) {
    const float threshold = low + range * static_cast<float>(t) / kThresholds;
    for (const Region& region : regions_above(map, threshold)) {
      double& overlap = best[static_cast<size_t>(t)];
      overlap = std::max(overlap, intersection_over_union(region.box, truth));
    }
  }
  return best;
}

}  // namespace weir
