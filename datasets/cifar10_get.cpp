#include "datasets/cifar10_get.h"

#include <array>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "datasets/cifar10_archive.h"
#include "datasets/cifar10_location.h"
#include "datasets/fetch.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> kMirrors = {
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
};

std::vector<std::string> split_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::filesystem::path default_folder() {
  // The roots are $WEIR_DATA (when set), ./data and the cache: a download goes to a place that does
  // not depend on the folder where it was started.
  const auto roots = data_roots("");
  const char* data = std::getenv("WEIR_DATA");
  return data != nullptr && *data != '\0' ? roots.front() : roots.back();
}

}  // namespace

std::vector<std::string> cifar10_mirrors() {
  if (const char* own = std::getenv("WEIR_CIFAR10_MIRRORS"); own != nullptr && *own != '\0') {
    return split_commas(own);
  }
  return {kMirrors.begin(), kMirrors.end()};
}

std::filesystem::path get_cifar10(const GetCifar10Options& options) {
  const auto folder = options.folder.empty() ? default_folder() : options.folder;
  const auto destination = folder / kCifarBinaryArchive;
  const bool complete = fetch({.urls = options.urls.empty() ? cifar10_mirrors() : options.urls,
                               .destination = destination,
                               .md5 = std::string(kCifarBinaryMd5),
                               .transfer = options.transfer});
  return complete ? destination : std::filesystem::path();
}

}  // namespace weir
