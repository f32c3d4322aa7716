// CIFAR-10 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009):
// 50,000 training and 10,000 test pictures, RGB 32x32, in ten classes with equal counts.
// Source and format: https://www.cs.toronto.edu/~kriz/cifar.html
// This file holds what its three forms on disk share; the readers lie beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/dataset.h"

namespace weir {

inline constexpr int kCifarSide = 32;
inline constexpr int kCifarImageBytes = 3 * kCifarSide * kCifarSide;  // R, G, B planes, row-major
inline constexpr int kCifarTrainFiles = 5;                            // and one test file

// airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck
const std::vector<std::string>& cifar10_classes();

// The defaults describe the published set. Tests and exported sets relax them.
struct Cifar10Options {
  int records_per_file = 10000;  // 0: any whole number of pictures
  // The names that the set's own list of classes must hold; empty: take that list as it is.
  std::vector<std::string> classes = cifar10_classes();
};

// One of the six files: 0 to 4 are the training batches, 5 is the test batch.
inline constexpr int kCifarTestFile = kCifarTrainFiles;
inline constexpr int kCifarFiles = kCifarTrainFiles + 1;

// The file names of a form: "data_batch_3" + suffix, "test_batch" + suffix.
std::string cifar10_file_name(int file, std::string_view suffix);

// Puts the set together from its files, which may come in any order.
class Cifar10Builder {
 public:
  // `source` is the folder or archive; every error begins with it.
  Cifar10Builder(std::string source, Cifar10Options options);

  // How many pictures a file must hold; 0: any number.
  int records_per_file() const { return options_.records_per_file; }
  // "folder/data_batch_1.bin", for error messages.
  std::string where(std::string_view name) const { return source_ + "/" + std::string(name); }

  // Throws kData when the file was already given, or a label is not in 0 to 9.
  // Shapes: pixels (labels.size(), 3, 32, 32).
  void add_file(int file, std::string_view name, Images images);
  // The set's own list of classes. Throws kData when it is not the expected one.
  void set_classes(std::string_view name, std::vector<std::string> classes);

  // Throws kData when a file is missing. The id is "cifar10".
  Dataset finish(std::string_view suffix);

 private:
  std::string source_;
  Cifar10Options options_;
  std::vector<std::optional<Images>> files_;
  std::vector<std::string> classes_;
};

}  // namespace weir
