// Measured maps as files.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "datasets/image_io.h"
#include "explain/measure/localize.h"

namespace weir {

// A row for each kind of pictures and each kind of maps; shares and means are 0 to 1, and empty
// where there are no masks:
//   pictures, maps, count (scored), accuracy (of the network), gt_known, max_box_acc_v2,
//   box_acc_30, box_acc_50, box_acc_70, threshold_30, threshold_50, threshold_70, pointing, energy,
//   mask_pointing, mask_energy, without_box
std::string localization_csv(const std::vector<Localization>& measured);

// One of its rows as an object with these fields, null where there are no masks.
nlohmann::ordered_json localization_json(const Localization& measured, const MeasuredMaps& row);

// A sheet of scored pictures, spread evenly over all of them: each with its map, the true box in
// white, and in sky blue the box that the map gives (object_box). `classes`: their names.
Picture draw_localization(const Localization& measured, const LocatedPictures& pictures,
                          const std::vector<std::string>& classes);

}  // namespace weir
