// Writes a data set to files that the readers of this folder read back with the same bytes.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "datasets/dataset.h"

namespace weir {

struct ExportFormat {
  std::string_view name;
  std::string_view description;
  void (*write)(const Dataset& set, const std::filesystem::path& folder);
};

// cifar-bin: the files of cifar10_binary.h. The training pictures are spread over the five batches
//   in order, as evenly as their number allows. Needs 3x32x32 pictures and at most 10 classes. Read
//   it with read_cifar10_binary(folder, {.records_per_file = 0, .classes = {}}).
// png: folder/{train,test}/<class>/<number>.png, read by read_image_folder; the order is then by
//   class. Needs 1 or 3 channels and class names that can be folder names.
std::span<const ExportFormat> export_formats();

// Throws kUsage for an unknown format, a set that does not fit it, or a folder that exists and is
// not empty. The folder appears when it is complete: a failure leaves nothing behind.
void export_dataset(const Dataset& set, const std::string& format,
                    const std::filesystem::path& folder);

}  // namespace weir
