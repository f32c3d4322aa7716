#include "explain/measure/localization.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

// Of one picture.
struct Measured {
  bool has_box = false, found = false;
  double pointing = 0, energy = 0, mask_pointing = 0, mask_energy = 0;
  std::array<double, kThresholds> overlaps{};
};

Measured measure(const HeatMap& map, const ObjectPlace& place) {
  constexpr double kFound = 0.5;
  const HeatMap full = resized(map, place.height, place.width);
  const std::optional<Box> box = object_box(full);
  Measured found{.has_box = box.has_value(),
                 .found = box && intersection_over_union(*box, place.box) >= kFound,
                 .pointing = pointing(full, place, false),
                 .energy = energy(full, place, false),
                 .overlaps = best_overlaps(full, place.box)};
  if (!place.mask.empty()) {
    found.mask_pointing = pointing(full, place, true);
    found.mask_energy = energy(full, place, true);
  }
  return found;
}

using Group = std::vector<const Measured*>;

template <class Value>
double mean(const Group& group, const Value& value) {
  double sum = 0;
  for (const Measured* one : group) sum += double(value(*one));
  return sum / static_cast<double>(group.size());
}

double box_accuracy(const Group& group, size_t threshold, double overlap) {
  return mean(group, [&](const Measured& one) { return one.overlaps[threshold] >= overlap; });
}

// The middle one of those that are best.
size_t best_threshold(const Group& held_out, double overlap) {
  double best = -1;
  std::vector<size_t> equal;
  for (size_t t = 0; t < kThresholds; ++t) {
    const double accuracy = box_accuracy(held_out, t, overlap);
    if (accuracy > best) equal.clear();
    best = std::max(best, accuracy);
    if (accuracy == best) equal.push_back(t);
  }
  return equal[equal.size() / 2];
}

void set_box_accuracies(const Group& held_out, const Group& scored, LocalizationScores& scores) {
  for (size_t i = 0; i < kOverlaps.size(); ++i) {
    const size_t threshold = best_threshold(held_out, kOverlaps[i]);
    scores.thresholds[i] = static_cast<double>(threshold) / kThresholds;
    scores.box_acc[i] = box_accuracy(scored, threshold, kOverlaps[i]);
    scores.max_box_acc_v2 += scores.box_acc[i] / kOverlaps.size();
  }
}

}  // namespace

LocalizationScores measure_localization(std::span<const HeatMap> maps,
                                        std::span<const ObjectPlace> places) {
  require(maps.size() == places.size() && maps.size() >= 2,
          "localization: expected as many maps as places and at least 2, found {} and {}",
          maps.size(), places.size());
  std::vector<Measured> all(maps.size());
  parallel_for(std::ssize(maps), [&](int64_t i) {
    all[static_cast<size_t>(i)] =
        measure(maps[static_cast<size_t>(i)], places[static_cast<size_t>(i)]);
  });
  Group held_out, scored;
  for (size_t i = 0; i < all.size(); ++i) {
    (is_held_out(static_cast<int>(i)) ? held_out : scored).push_back(&all[i]);
  }
  LocalizationScores scores{.pictures = static_cast<int>(scored.size()),
                            .gt_known = mean(scored, [](const auto& one) { return one.found; }),
                            .pointing = mean(scored, [](const auto& one) { return one.pointing; }),
                            .energy = mean(scored, [](const auto& one) { return one.energy; })};
  set_box_accuracies(held_out, scored, scores);
  scores.without_box = static_cast<int>(
      std::count_if(scored.begin(), scored.end(), [](const auto* one) { return !one->has_box; }));
  const bool masks = std::none_of(places.begin(), places.end(),
                                  [](const ObjectPlace& place) { return place.mask.empty(); });
  if (masks) {
    scores.mask_pointing = mean(scored, [](const auto& one) { return one.mask_pointing; });
    scores.mask_energy = mean(scored, [](const auto& one) { return one.mask_energy; });
  }
  return scores;
}

}  // namespace weir
