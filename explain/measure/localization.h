// How well maps find objects whose places are known: the measures of weakly supervised
// localisation.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "explain/measure/map_scores.h"

namespace weir {

// Every fifth picture is held out, another one of each five (0, 6, 12, 18, 24, 25, ..), so that
// sets whose classes come in turn hold out all of them. Thresholds are chosen there, and all scores
// are of the others.
constexpr bool is_held_out(int picture) { return picture % 5 == picture / 5 % 5; }
inline constexpr std::array<double, 3> kOverlaps{0.3, 0.5, 0.7};

// Shares and means over the scored pictures, 0 to 1.
struct LocalizationScores {
  int pictures = 0;           // scored
  double gt_known = 0;        // intersection over union of object_box() with the true box is >= 0.5
  double max_box_acc_v2 = 0;  // mean of box_acc
  std::array<double, 3> box_acc{};     // best_overlaps() >= 0.3, 0.5, 0.7 at these thresholds:
  std::array<double, 3> thresholds{};  // best on the held-out pictures; of equal ones the middle
  double pointing = 0, energy = 0;     // in the box
  std::optional<double> mask_pointing, mask_energy;  // where every picture has a mask
  int without_box = 0;                               // pictures whose map has no value above 0
};

// GT-known localisation of Zhou et al. (CVPR 2016, with the true class's map and IoU 0.5) and
// MaxBoxAccV2 of Choe, Oh, Lee, Chun, Akata, Shim, "Evaluating weakly supervised object
// localization methods right", CVPR 2020. maps: one for each place, of the true class, as its
// method made them; each is resized to the picture. Does not depend on the number of threads.
// Throws kUsage for fewer than two pictures, or when there are not as many maps as places.
LocalizationScores measure_localization(std::span<const HeatMap> maps,
                                        std::span<const ObjectPlace> places);

}  // namespace weir
