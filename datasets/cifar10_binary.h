// CIFAR-10 in its binary form, the folder cifar-10-batches-bin: data_batch_1.bin to
// data_batch_5.bin, test_batch.bin and batches.meta.txt (the class names, one a line).
// A .bin file is records of 3,073 bytes: the label (0 to 9), then 1,024 red, 1,024 green and 1,024
// blue values, row by row; 10,000 records = 30,730,000 bytes a file, with no header or separator.
// Source: https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
#pragma once

#include <filesystem>
#include <string_view>

#include "datasets/cifar10.h"

namespace weir {

inline constexpr int kCifarRecordBytes = 1 + kCifarImageBytes;

// The set in `folder`. Throws kData for a missing file, a size that is not exactly right (and by
// how much), a label above 9, or other classes.
Dataset read_cifar10_binary(const std::filesystem::path& folder,
                            const Cifar10Options& options = {});

// Gives one file's bytes to the builder: a .bin file or batches.meta.txt, by its name. False, and
// nothing done, for any other name.
bool add_cifar10_binary_file(Cifar10Builder& builder, std::string_view name,
                             std::string_view bytes);

}  // namespace weir
