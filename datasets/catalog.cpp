#include "datasets/catalog.h"

#include <array>
#include <vector>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "datasets/cifar10_location.h"

namespace weir {
namespace {

Dataset open_cifar10(const DataOptions& options) {
  return read_cifar10(require_cifar10(data_roots(options.root)));
}

Dataset open_synth10(const DataOptions& options) { return make_synth10(options.synth10); }

Dataset open_image_folder(const DataOptions& options) {
  require(!options.root.empty(),
          "data.root: expected the folder that holds the pictures (root/<class>/* or "
          "root/train|test/<class>/*), found nothing");
  ImageFolderOptions folder = options.image_folder;
  folder.root = options.root;
  return read_image_folder(folder);
}

Dataset open_auto(const DataOptions& options) {
  if (const auto found = find_cifar10(data_roots(options.root))) return read_cifar10(*found);
  Dataset set = make_synth10(options.synth10);
  set.source += "; real CIFAR-10 not found";
  log_info(
      "data: real CIFAR-10 not found, so the built-in {} is used; get CIFAR-10 with `weir data "
      "get cifar10`",
      set.id);
  return set;
}

constexpr std::array<CatalogEntry, 4> kCatalog = {{
    {"cifar10", "50,000 + 10,000 photographs, 32x32, 10 classes; `weir data get cifar10`",
     open_cifar10},
    {"synth10", "built in: shapes with textures, 32x32, 10 classes, of any count", open_synth10},
    {"image_folder", "your own pictures: root/<class>/* or root/train|test/<class>/*",
     open_image_folder},
    {"auto", "cifar10 when it is here, otherwise synth10", open_auto},
}};

}  // namespace

std::span<const CatalogEntry> dataset_catalog() { return kCatalog; }

Dataset open_dataset(const DataOptions& options) {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : kCatalog) {
    if (entry.name == options.name) return entry.open(options);
    names.emplace_back(entry.name);
  }
  fail(ErrorKind::kUsage, "data.name: unknown dataset '{}'{}; expected one of {}", options.name,
       did_you_mean(options.name, names), join(names));
}

}  // namespace weir
