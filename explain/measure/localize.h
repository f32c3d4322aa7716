// A network's maps, measured on pictures whose objects are known, beside maps that know nothing.
#pragma once

#include <string>
#include <vector>

#include "explain/explain.h"
#include "explain/measure/localization.h"
#include "explain/measure/located_pictures.h"

namespace weir {

struct MeasuredMaps {
  std::string maps;  // the method, "random map" or "centre box"
  LocalizationScores scores;
};

struct Localization {
  std::string pictures;            // what they are: "masks", "noise 64"
  double accuracy = 0;             // of the network, on all of them
  std::vector<MeasuredMaps> rows;  // the method, then the baselines
  std::vector<HeatMap> maps;       // of the method, of each picture's true class
};

// `seed` is that of the random maps, which have as many cells as the method's. Throws as explain():
// a network with a dense head does not take larger pictures, and the error names its layer.
Localization localize(TrainedModel& model, const std::string& name, const LocatedPictures& pictures,
                      const ExplainOptions& options, uint64_t seed = 1);

}  // namespace weir
