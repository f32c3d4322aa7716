// "NAME KEY=VALUE..." of the commands that open a dataset: the keys are those of `data:` in a
// configuration.
#pragma once

#include <string>
#include <vector>

#include "apps/command.h"
#include "datasets/dataset.h"

namespace weir {

struct DatasetArguments {
  std::string name = "auto";
  std::vector<std::string> overrides;
};

void add_dataset_arguments(Command& command, DatasetArguments& arguments);

// Throws kUsage for a bad name or key, kData for a set that is missing or damaged.
Dataset open_dataset(const DatasetArguments& arguments);

}  // namespace weir
