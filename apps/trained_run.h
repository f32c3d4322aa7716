// "RUN|WEIGHTS" on a command line, and the pictures that such a network was trained on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/trained_model.h"

namespace weir {

// The network of a weights file, or of a run folder's best weights. Throws kUsage when there is no
// such path, with the nearest one, and kData for a folder without weights, with what it has
// instead.
TrainedModel load_trained_run(const std::string& path);

// The data set of its configuration, with `data.` keys changed by words such as data.root=pictures.
// Warns when it holds other pictures than the network was trained on; `doing` says what they are
// used for: "evaluated". Throws kUsage for any other word.
Dataset open_run_dataset(const TrainedModel& model, const std::string& path,
                         const std::vector<std::string>& overrides, const std::string& doing);

// Some pictures of a part of a data set, and their numbers there.
struct ChosenPictures {
  std::vector<int> indices;
  Images images;
};

// The first ones of each class, `limit` in all: a set may be sorted by class. Throws as
// pictures_of_split().
ChosenPictures choose_pictures(const TrainedModel& model, Dataset dataset, const std::string& split,
                               int limit);

// Where files go: `out`, or without it the folder of that name in the run. Throws kUsage when there
// is neither.
std::filesystem::path output_folder(const std::string& out, const std::string& trained,
                                    const std::string& name);

}  // namespace weir
