// The data sets by name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "datasets/dataset.h"
#include "datasets/image_folder.h"
#include "datasets/synth10.h"

namespace weir {

struct DataOptions {
  std::string name = "auto";
  // cifar10, auto: the folder to search; "": $WEIR_DATA, ./data, ~/.cache/weir.
  // image_folder: the folder with the pictures.
  std::string root;
  ImageFolderOptions image_folder;  // its root is taken from `root` above
  Synth10Options synth10;
};

struct CatalogEntry {
  std::string_view name;
  std::string_view description;
  Dataset (*open)(const DataOptions& options);
};

// cifar10, synth10, image_folder and auto, in the order in which they are listed to users.
std::span<const CatalogEntry> dataset_catalog();

// The set that options.name says. cifar10 is the published set or an error; only auto falls back to
// synth10, and then says so in the log and in the dataset's id and source.
// Throws kUsage for an unknown name, kData for a set that is missing or damaged.
Dataset open_dataset(const DataOptions& options);

}  // namespace weir
