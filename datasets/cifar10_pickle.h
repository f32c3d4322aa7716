// CIFAR-10 in its python form, the folder cifar-10-batches-py: data_batch_1 to data_batch_5,
// test_batch and batches.meta. Each is a pickled dict; a batch holds `data`, a NumPy uint8 array
// (pictures, 3072) of red, green and blue planes, and `labels`, a list of 0 to 9; batches.meta
// holds `label_names`. The pickles are read by pickle.h, which executes nothing. Source:
// https://www.cs.toronto.edu/~kriz/cifar.html, "Python version".
#pragma once

#include <filesystem>
#include <string_view>

#include "datasets/cifar10.h"

namespace weir {

// The set in `folder`. Throws kData for a missing file, a damaged pickle or one that asks to call
// something, other shapes or types, a label above 9, or other classes.
Dataset read_cifar10_pickle(const std::filesystem::path& folder,
                            const Cifar10Options& options = {});

// Gives one file's bytes to the builder, by its name. False, and nothing done, for any other name.
bool add_cifar10_pickle_file(Cifar10Builder& builder, std::string_view name,
                             std::string_view bytes);

// The published MD5 of a file in the folder; "" for any other name.
std::string_view cifar10_pickle_md5(std::string_view name);

}  // namespace weir
