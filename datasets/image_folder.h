// A dataset from a folder of picture files (PNG, JPEG, BMP, PNM), one subfolder for each class:
//   root/<class>/*                  split into train and test, seeded and stratified
//   root/{train,test}/<class>/*     taken as it is
// Classes are numbered in the order of their names. Pictures become RGB (grey is repeated, alpha is
// dropped) and square. The result is cached under $WEIR_CACHE or ~/.cache/weir, in folders/, so
// that the next start need not decode; a change of any file's name, size or time renews it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "datasets/dataset.h"

namespace weir {

struct ImageFolderOptions {
  std::filesystem::path root;
  int image_size = 32;          // pictures become image_size x image_size
  std::string resize = "area";  // area (bilinear where it enlarges), bilinear or nearest
  double test_split = 0.15;     // part of every class, when the folder has no train and test
  uint64_t seed = 0;            // of that split
  bool cache = true;
};

// The dataset's id is the name of the folder. Throws kUsage for bad options and kData for the
// folder: every unreadable picture, empty class and so on is collected, and up to 20 are listed.
// Files that are no pictures by their extension are skipped, with one warning that counts them.
Dataset read_image_folder(const ImageFolderOptions& options);

}  // namespace weir
