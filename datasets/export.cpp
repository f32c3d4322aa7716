#include "datasets/export.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "datasets/cifar10_binary.h"
#include "datasets/image_planes.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// A folder under another name until it is complete; removed when something fails before.
class PendingFolder {
 public:
  explicit PendingFolder(fs::path target)
      : target_(target.has_filename() ? std::move(target) : target.parent_path()),  // not "out/"
        path_(target_.string() + fmt::format(".tmp{}", ::getpid())) {
    make_folder(path_);
  }
  ~PendingFolder() {
    std::error_code error;
    if (!committed_) fs::remove_all(path_, error);
  }
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;

  const fs::path& path() const { return path_; }
  void commit() {
    std::error_code error;
    fs::rename(path_, target_, error);  // over an empty folder, too
    if (error) {
      fail(ErrorKind::kInternal, "cannot rename {} to {}: {}", path_.string(), target_.string(),
           error.message());
    }
    committed_ = true;
  }

 private:
  fs::path target_, path_;
  bool committed_ = false;
};

// Plain writes: PendingFolder makes the whole export atomic, and a sync for each of 60,000 pictures
// would take minutes.
void write_plain(const fs::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    fail(ErrorKind::kInternal, "cannot write {}: {}; nothing is left of the export", path.string(),
         std::strerror(errno));
  }
}

std::string records(const Images& images, int begin, int end) {
  std::string bytes;
  bytes.reserve(static_cast<size_t>(end - begin) * kCifarRecordBytes);
  for (int i = begin; i < end; ++i) {
    const auto image = images.image(i);
    bytes += static_cast<char>(images.labels[i]);
    bytes.append(image.begin(), image.end());
  }
  return bytes;
}

void write_cifar_bin(const Dataset& set, const fs::path& folder) {
  require(
      set.train.channels == 3 && set.train.height == kCifarSide && set.train.width == kCifarSide,
      "cifar-bin holds pictures of 3x{}x{}; {} has {}x{}x{}; use png", kCifarSide, kCifarSide,
      set.id, set.train.channels, set.train.height, set.train.width);
  require(set.classes.size() <= cifar10_classes().size(),
          "cifar-bin holds at most {} classes; {} has {}; use png", cifar10_classes().size(),
          set.id, set.classes.size());
  const int64_t count = set.train.count();
  for (int file = 0; file < kCifarTrainFiles; ++file) {
    const int begin = static_cast<int>(count * file / kCifarTrainFiles);
    const int end = static_cast<int>(count * (file + 1) / kCifarTrainFiles);
    write_plain(folder / cifar10_file_name(file, ".bin"), records(set.train, begin, end));
  }
  write_plain(folder / cifar10_file_name(kCifarTestFile, ".bin"),
              records(set.test, 0, set.test.count()));
  write_plain(folder / "batches.meta.txt", join(set.classes, "\n") + "\n");
}

void write_split(const Images& images, const std::vector<std::string>& classes,
                 const fs::path& folder) {
  for (const std::string& name : classes) make_folder(folder / name);
  for (int i = 0; i < images.count(); ++i) {
    // Leading zeros, so that the order of the names is the order of the pictures.
    write_plain(folder / classes[images.labels[i]] / fmt::format("{:06}.png", i),
                encode_png(picture_of(images, i)));
  }
}

void write_png_folder(const Dataset& set, const fs::path& folder) {
  require(set.train.channels == 1 || set.train.channels == 3,
          "png holds pictures of 1 or 3 channels; {} has {}", set.id, set.train.channels);
  for (const std::string& name : set.classes) {
    require(!name.empty() && name[0] != '.' && name.find('/') == std::string::npos,
            "class '{}' of {} cannot be the name of a folder", name, set.id);
  }
  write_split(set.train, set.classes, folder / "train");
  write_split(set.test, set.classes, folder / "test");
}

constexpr std::array<ExportFormat, 2> kFormats = {{
    {"cifar-bin", "the binary files of CIFAR-10", write_cifar_bin},
    {"png", "train/<class>/*.png and test/<class>/*.png", write_png_folder},
}};

}  // namespace

std::span<const ExportFormat> export_formats() { return kFormats; }

void export_dataset(const Dataset& set, const std::string& format, const fs::path& folder) {
  std::error_code error;
  require(!fs::exists(folder, error) || fs::is_empty(folder, error),
          "{} exists and is not empty; name a new folder", folder.string());
  std::vector<std::string> names;
  for (const ExportFormat& entry : kFormats) {
    names.emplace_back(entry.name);
    if (entry.name != format) continue;
    PendingFolder pending(folder);
    entry.write(set, pending.path());
    return pending.commit();
  }
  fail(ErrorKind::kUsage, "unknown format '{}'{}; expected one of {}", format,
       did_you_mean(format, names), join(names));
}

}  // namespace weir
