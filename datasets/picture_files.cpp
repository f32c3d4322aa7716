#include "datasets/picture_files.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "datasets/image_io.h"
#include "datasets/problems.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLayouts =
    "expected <folder>/<class>/*.png or <folder>/{train,test}/<class>/*.png";
constexpr size_t kMostClasses = 256;  // labels are stored in one byte

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// Like the functions of the standard, but what cannot be looked at does not exist.
bool is_folder(const fs::path& path) {
  std::error_code denied;
  return fs::is_directory(path, denied);
}
bool is_there(const fs::path& path) {
  std::error_code denied;
  return fs::exists(path, denied);
}

class Finder {
 public:
  explicit Finder(const fs::path& root) : root_(root) {}

  PictureFiles find() {
    if (!is_folder(root_)) {
      fail(ErrorKind::kData, "{}: {}; {}", root_.string(),
           is_there(root_) ? "not a folder" : "no such folder", kLayouts);
    }
    const bool train = is_folder(root_ / "train"), test = is_folder(root_ / "test");
    found_.has_test = train && test;
    if (found_.has_test) {
      find_split();
    } else if (train != test && !folders_in(root_ / (train ? "train" : "test")).empty()) {
      problems_.add(fmt::format("there is {}/, but no {}/; {}", train ? "train" : "test",
                                train ? "test" : "train", kLayouts));
    } else {
      find_in("", false);
    }
    check_classes();
    problems_.fail_if_any(root_.string());
    if (skipped_ > 0) {
      log_warning(
          "{}: {} skipped, which by their names are no pictures that can be read; such as {}",
          root_.string(), skipped_ == 1 ? "1 file was" : fmt::format("{} files were", skipped_),
          example_.string());
    }
    return std::move(found_);
  }

 private:
  // The entries of a folder, sorted by name.
  std::vector<fs::path> entries(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      paths.push_back(it->path());
    }
    if (error) problems_.add(fmt::format("{}: {}", folder.string(), error.message()));
    std::ranges::sort(paths);
    return paths;
  }

  std::vector<std::string> folders_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const fs::path& path : entries(folder)) {
      if (!is_hidden(path) && is_folder(path)) names.push_back(path.filename().string());
    }
    return names;
  }

  void find_split() {
    const auto train = folders_in(root_ / "train"), test = folders_in(root_ / "test");
    if (train != test) {
      std::vector<std::string> only_train, only_test;
      std::ranges::set_difference(train, test, std::back_inserter(only_train));
      std::ranges::set_difference(test, train, std::back_inserter(only_test));
      const auto list = [](const auto& names) { return names.empty() ? "none" : join(names); };
      problems_.add(fmt::format(
          "train and test must have the same classes; only in train: {}; only in test: {}",
          list(only_train), list(only_test)));
    }
    find_in("train", false);
    find_in("test", true);
  }

  // The pictures of root/part/<class>/.
  void find_in(const fs::path& part, bool test) {
    const std::vector<std::string> classes = folders_in(root_ / part);
    if (!test) found_.classes = classes;
    for (size_t label = 0; label < classes.size(); ++label) {
      const size_t before = found_.files.size();
      for (const fs::path& path : entries(root_ / part / classes[label])) {
        add(path, static_cast<int>(label), test);
      }
      if (found_.files.size() == before) {
        problems_.add(fmt::format("class '{}' is empty: no PNG, JPEG, BMP or PNM files in it",
                                  (part / classes[label]).string()));
      }
    }
  }

  void add(const fs::path& path, int label, bool test) {
    if (is_folder(path) || !has_picture_extension(path)) {
      if (skipped_++ == 0) example_ = path.lexically_relative(root_);
      return;
    }
    std::error_code unreadable;  // such files are reported when they are opened
    const uint64_t size = fs::file_size(path, unreadable);
    const auto changed = fs::last_write_time(path, unreadable).time_since_epoch().count();
    found_.files.push_back({.path = path.lexically_relative(root_),
                            .label = label,
                            .test = test,
                            .size = size,
                            .changed = static_cast<int64_t>(changed)});
  }

  void check_classes() {
    const size_t count = found_.classes.size();
    if (count < 2 && problems_.empty()) {
      problems_.add(fmt::format(
          "found {}, but at least 2 classes are needed; {}",
          count == 0 ? "no class folders" : "only the class '" + found_.classes[0] + "'",
          kLayouts));
    }
    if (count > kMostClasses) {
      problems_.add(fmt::format("{} classes; at most {} are supported", count, kMostClasses));
    }
  }

  fs::path root_;
  PictureFiles found_;
  Problems problems_;
  int skipped_ = 0;
  fs::path example_;
};

}  // namespace

PictureFiles find_pictures(const fs::path& root) { return Finder(root).find(); }

}  // namespace weir
