// Finds CIFAR-10 on this machine, in any of the forms that are read.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/dataset.h"

namespace weir {

enum class Cifar10Form { kBinaryFolder, kBinaryArchive, kPickleFolder, kPickleArchive };

struct Cifar10FormName {
  Cifar10Form form;
  std::string_view name;  // of the file or folder
};
// cifar-10-batches-bin, cifar-10-binary.tar.gz, cifar-10-batches-py, cifar-10-python.tar.gz: the
// order in which a folder is searched.
std::span<const Cifar10FormName> cifar10_forms();

struct Cifar10Location {
  Cifar10Form form;
  std::filesystem::path path;
};

// Where data sets are looked for: `root` alone, or when it is "": $WEIR_DATA if set, ./data and
// ~/.cache/weir.
std::vector<std::filesystem::path> data_roots(const std::string& root);

// The first form in the first root that has one. A root may also be such a folder or archive
// itself, under any name for a folder.
std::optional<Cifar10Location> find_cifar10(std::span<const std::filesystem::path> roots);

// Throws kData with where it looked and how to get the set, when there is none.
Cifar10Location require_cifar10(std::span<const std::filesystem::path> roots);

// The published set, strictly checked; see the reader of each form for its errors.
Dataset read_cifar10(const Cifar10Location& location);

}  // namespace weir
