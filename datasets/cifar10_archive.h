// CIFAR-10 as its authors publish it: cifar-10-binary.tar.gz or cifar-10-python.tar.gz, read
// straight into memory. The MD5 of the whole file is checked first, so that a cut or flipped
// download never trains a net.
// Source of the sums: https://www.cs.toronto.edu/~kriz/cifar.html
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "datasets/cifar10.h"

namespace weir {

inline constexpr std::string_view kCifarBinaryArchive = "cifar-10-binary.tar.gz";
inline constexpr std::string_view kCifarBinaryMd5 = "c32a1d4ab5d03f1284b67883e8d87530";
inline constexpr std::string_view kCifarPythonArchive = "cifar-10-python.tar.gz";
inline constexpr std::string_view kCifarPythonMd5 = "c58f30108f718f92721af3b95e74349a";

// Both forms are recognised by the names of the files inside. `md5`: what the archive's sum must
// be; nothing: the published sum that belongs to its file name; "": not checked.
// Throws kData for another sum, a damaged archive, or any error of the form inside.
Dataset read_cifar10_archive(const std::filesystem::path& archive,
                             const Cifar10Options& options = {},
                             const std::optional<std::string>& md5 = std::nullopt);

}  // namespace weir
