// Downloads CIFAR-10.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/transfer.h"

namespace weir {

// Where the binary archive is offered, in the order in which it is asked for: the addresses in
// $WEIR_CIFAR10_MIRRORS (separated by commas) when it is set, otherwise the built-in table.
std::vector<std::string> cifar10_mirrors();

struct GetCifar10Options {
  std::filesystem::path folder;   // "": $WEIR_DATA, or else ~/.cache/weir
  std::vector<std::string> urls;  // empty: cifar10_mirrors()
  TransferOptions transfer;       // progress, timeouts
};

// Leaves cifar-10-binary.tar.gz, with its MD5 checked, in the folder and returns its path; an empty
// path when progress stopped it. Errors are those of fetch().
std::filesystem::path get_cifar10(const GetCifar10Options& options = {});

}  // namespace weir
