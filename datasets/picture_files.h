// Finds the picture files of an image folder, without opening them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir {

struct PictureFile {
  std::filesystem::path path;  // relative to the root
  int label = 0;
  bool test = false;    // lies in test/
  uint64_t size = 0;    // bytes
  int64_t changed = 0;  // time of the last change, in the file system's ticks
};

struct PictureFiles {
  std::vector<std::string> classes;  // sorted
  bool has_test = false;             // root/{train,test}/<class>, not root/<class>
  std::vector<PictureFile> files;    // train before test, then by label, then by name
};

// Throws kData with everything that is wrong with the folder. Warns once about skipped files.
PictureFiles find_pictures(const std::filesystem::path& root);

}  // namespace weir
