#include "datasets/cifar10_location.h"

#include <array>
#include <cstdlib>
#include <system_error>

#include "core/base/error.h"
#include "core/base/names.h"
#include "datasets/cifar10_archive.h"
#include "datasets/cifar10_binary.h"
#include "datasets/cifar10_pickle.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::array<Cifar10FormName, 4> kForms = {{
    {Cifar10Form::kBinaryFolder, "cifar-10-batches-bin"},
    {Cifar10Form::kBinaryArchive, kCifarBinaryArchive},
    {Cifar10Form::kPickleFolder, "cifar-10-batches-py"},
    {Cifar10Form::kPickleArchive, kCifarPythonArchive},
}};

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_archive(Cifar10Form form) {
  return form == Cifar10Form::kBinaryArchive || form == Cifar10Form::kPickleArchive;
}

bool is_there(Cifar10Form form, const fs::path& path) {
  std::error_code error;
  return is_archive(form) ? is_file(path) : fs::is_directory(path, error);
}

// A root that is itself one of the forms.
std::optional<Cifar10Location> root_itself(const fs::path& root) {
  if (is_file(root / "data_batch_1.bin")) return {{Cifar10Form::kBinaryFolder, root}};
  if (is_file(root / "data_batch_1")) return {{Cifar10Form::kPickleFolder, root}};
  for (const auto& [form, name] : kForms) {
    if (is_archive(form) && root.filename() == name && is_file(root)) return {{form, root}};
  }
  return std::nullopt;
}

std::string list(std::span<const fs::path> paths) {
  std::vector<std::string> names;
  for (const fs::path& path : paths) names.push_back(path.string());
  return join(names);
}

}  // namespace

std::span<const Cifar10FormName> cifar10_forms() { return kForms; }

std::vector<fs::path> data_roots(const std::string& root) {
  if (!root.empty()) return {root};
  std::vector<fs::path> roots;
  if (const char* data = std::getenv("WEIR_DATA"); data != nullptr && *data != '\0') {
    roots.emplace_back(data);
  }
  roots.emplace_back("./data");
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    roots.push_back(fs::path(home) / ".cache" / "weir");
  }
  return roots;
}

std::optional<Cifar10Location> find_cifar10(std::span<const fs::path> roots) {
  for (const fs::path& root : roots) {
    if (auto found = root_itself(root)) return found;
    for (const auto& [form, name] : kForms) {
      if (is_there(form, root / name)) return {{form, root / name}};
    }
  }
  return std::nullopt;
}

Cifar10Location require_cifar10(std::span<const fs::path> roots) {
  if (auto found = find_cifar10(roots)) return *found;
  fail(ErrorKind::kData,
       "dataset 'cifar10' is not here: looked in {}. Get it: `weir data get cifar10`, or put {} "
       "(md5 {}) in ./data, or train on the built-in set: data.name=synth10",
       list(roots), kCifarBinaryArchive, kCifarBinaryMd5);
}

Dataset read_cifar10(const Cifar10Location& location) {
  if (is_archive(location.form)) return read_cifar10_archive(location.path);
  return location.form == Cifar10Form::kBinaryFolder ? read_cifar10_binary(location.path)
                                                     : read_cifar10_pickle(location.path);
}

}  // namespace weir
