// A tiny set in the shape of CIFAR-10, and its files, written here byte by byte.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "datasets/cifar10.h"
#include "tests/datasets/random_images.h"

namespace weir::testing_support {

inline constexpr int kTinyRecords = 3;  // in each of the six files
inline const Cifar10Options kTiny{.records_per_file = kTinyRecords};

struct TinyCifar10 {
  Images train = random_images(5 * kTinyRecords, 3, 32, 32);
  Images test = random_images(kTinyRecords + 1, 3, 32, 32);  // the last one: see the constructor

  // The generator gives the same first pictures to both; the test set starts one later.
  TinyCifar10() {
    const std::vector<int> later = {1, 2, 3};
    test = subset(test, later);
  }
  // The pictures of file 0 to 5.
  Images part(int file) const {
    if (file == kCifarTestFile) return test;
    std::vector<int> indices;
    for (int i = 0; i < kTinyRecords; ++i) indices.push_back(file * kTinyRecords + i);
    return subset(train, indices);
  }
};

inline std::string class_file() {
  return "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
}

inline std::string binary_records(const Images& images) {
  std::string bytes;
  for (int i = 0; i < images.count(); ++i) {
    bytes += static_cast<char>(images.labels[i]);
    for (const uint8_t value : images.image(i)) bytes += static_cast<char>(value);
  }
  return bytes;
}

// File name to bytes.
using Files = std::map<std::string, std::string>;

inline Files tiny_binary_files() {
  const TinyCifar10 tiny;
  Files files = {{"batches.meta.txt", class_file()}};
  for (int i = 0; i < 5; ++i) {
    files["data_batch_" + std::to_string(i + 1) + ".bin"] = binary_records(tiny.part(i));
  }
  files["test_batch.bin"] = binary_records(tiny.test);
  return files;
}

inline void write_files(const std::filesystem::path& folder, const Files& files) {
  make_folder(folder);
  for (const auto& [name, bytes] : files) write_file_atomic(folder / name, bytes);
}

inline void expect_tiny(const Dataset& set) {
  const TinyCifar10 tiny;
  EXPECT_EQ(set.id, "cifar10");
  EXPECT_EQ(set.classes, cifar10_classes());
  EXPECT_EQ(set.train.pixels, tiny.train.pixels);
  EXPECT_EQ(set.train.labels, tiny.train.labels);
  EXPECT_EQ(set.test.pixels, tiny.test.pixels);
  EXPECT_EQ(set.test.labels, tiny.test.labels);
  EXPECT_EQ(set.sha256, fingerprint(tiny.train, tiny.test));
}

}  // namespace weir::testing_support
