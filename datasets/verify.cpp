#include "datasets/verify.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/names.h"
#include "datasets/archive.h"
#include "datasets/cifar10.h"
#include "datasets/cifar10_archive.h"
#include "datasets/cifar10_location.h"
#include "datasets/cifar10_pickle.h"

namespace weir {
namespace {

using Checks = std::vector<Check>;

// Adds what `function` returns under this name; bad data that it throws makes the check fail.
template <class Function>
bool add_check(Checks& checks, const std::string& name, const Function& function) {
  try {
    checks.push_back(function());
    checks.back().name = name;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kUsage) throw;
    checks.push_back({name, false, error.what()});
  }
  return checks.back().ok;
}

Check expect(const std::string& found, std::string_view expected) {
  const bool same = found == expected;
  return {.ok = same,
          .detail = same ? found : fmt::format("expected {}, found {}", expected, found)};
}

void check_md5(Checks& checks, const std::filesystem::path& file, std::string_view expected) {
  add_check(checks, "md5 of " + file.filename().string(),
            [&] { return expect(file_md5(file), expected); });
}

void check_published_sums(Checks& checks, const Cifar10Location& location) {
  if (location.form == Cifar10Form::kBinaryArchive) {
    check_md5(checks, location.path, kCifarBinaryMd5);
  }
  if (location.form == Cifar10Form::kPickleArchive) {
    check_md5(checks, location.path, kCifarPythonMd5);
  }
  if (location.form == Cifar10Form::kPickleFolder) {
    for (int file = 0; file < kCifarFiles; ++file) {
      const std::string name = cifar10_file_name(file, "");
      check_md5(checks, location.path / name, cifar10_pickle_md5(name));
    }
  }
}

// How many pictures each class has: "5000" when all have that many, else "4998 to 5003".
Check check_balance(const Images& images, size_t classes, std::string_view expected) {
  std::vector<int> counts(classes);
  for (const int label : images.labels) {
    if (label < 0 || static_cast<size_t>(label) >= classes) {
      return {.detail = fmt::format("expected labels 0 to {}, found {}", classes - 1, label)};
    }
    ++counts[label];
  }
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  const std::string found =
      *least == *most ? fmt::format("{}", *least) : fmt::format("{} to {}", *least, *most);
  if (!expected.empty()) return expect(found, expected);
  return {.ok = *least > 0, .detail = found};
}

void check_split(Checks& checks, const std::string& name, const Images& images, size_t classes,
                 std::string_view per_class) {
  checks.push_back({name + " pictures", images.count() > 0,
                    fmt::format("{} of {}x{}x{}", images.count(), images.channels, images.height,
                                images.width)});
  add_check(checks, name + " pictures of each class",
            [&] { return check_balance(images, classes, per_class); });
}

// Of the published synth10 it is known what the sum must be; of other sets it is only told.
Check check_sum(const Dataset& set, const Synth10Options& synth10) {
  const bool published = set.id == "synth10-v1" && synth10 == Synth10Options{};
  return expect(set.sha256, published ? kSynth10Sha256 : set.sha256);
}

void check_contents(Checks& checks, const Dataset& set, const Synth10Options& synth10) {
  const bool published = set.id == "cifar10";
  checks.push_back({"classes", set.classes.size() > 1, join(set.classes)});
  check_split(checks, "train", set.train, set.classes.size(), published ? "5000" : "");
  check_split(checks, "test", set.test, set.classes.size(), published ? "1000" : "");
  add_check(checks, "sha256", [&] { return check_sum(set, synth10); });
}

}  // namespace

Checks verify_dataset(const DataOptions& options) {
  Checks checks;
  if (options.name == "cifar10" || options.name == "auto") {
    if (const auto found = find_cifar10(data_roots(options.root))) {
      check_published_sums(checks, *found);
    }
  }
  Dataset set;
  const bool read = add_check(checks, "read", [&] {
    set = open_dataset(options);
    return Check{.ok = true, .detail = fmt::format("{} from {}", set.id, set.source)};
  });
  if (read) check_contents(checks, set, options.synth10);
  return checks;
}

}  // namespace weir
