#include "datasets/cifar10.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

void check_labels(const std::vector<int>& labels, size_t classes, const std::string& where) {
  for (size_t record = 0; record < labels.size(); ++record) {
    if (labels[record] < 0 || static_cast<size_t>(labels[record]) >= classes) {
      fail(ErrorKind::kData,
           "{}: record {} has label {}, expected 0 to {}; the file is damaged or is not CIFAR-10",
           where, record, labels[record], classes - 1);
    }
  }
}

// Moves `from` to the end of `to` and frees it.
void append(Images& to, std::optional<Images>& from) {
  to.pixels.insert(to.pixels.end(), from->pixels.begin(), from->pixels.end());
  to.labels.insert(to.labels.end(), from->labels.begin(), from->labels.end());
  from.reset();
}

}  // namespace

const std::vector<std::string>& cifar10_classes() {
  static const std::vector<std::string> names = {
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
  return names;
}

std::string cifar10_file_name(int file, std::string_view suffix) {
  return file == kCifarTestFile ? fmt::format("test_batch{}", suffix)
                                : fmt::format("data_batch_{}{}", file + 1, suffix);
}

Cifar10Builder::Cifar10Builder(std::string source, Cifar10Options options)
    : source_(std::move(source)), options_(std::move(options)), files_(kCifarFiles) {}

void Cifar10Builder::add_file(int file, std::string_view name, Images images) {
  if (files_[file]) fail(ErrorKind::kData, "{}: {} is there twice", source_, name);
  check_labels(images.labels, cifar10_classes().size(), where(name));
  files_[file] = std::move(images);
}

void Cifar10Builder::set_classes(std::string_view name, std::vector<std::string> classes) {
  if (!options_.classes.empty() && classes != options_.classes) {
    fail(ErrorKind::kData,
         "{}: this is not CIFAR-10: its classes are {}; expected {}; read such a set as an image "
         "folder, or get CIFAR-10 with `weir data get cifar10`",
         where(name), join(classes), join(options_.classes));
  }
  classes_ = std::move(classes);
}

Dataset Cifar10Builder::finish(std::string_view suffix) {
  for (int file = 0; file < kCifarFiles; ++file) {
    if (!files_[file]) {
      fail(ErrorKind::kData,
           "{}: {} is missing; expected data_batch_1{} to data_batch_{}{} and "
           "test_batch{}; get the whole set with `weir data get cifar10`",
           source_, cifar10_file_name(file, suffix), suffix, kCifarTrainFiles, suffix, suffix);
    }
  }
  Dataset set{.id = "cifar10", .source = source_};
  set.classes = classes_.empty() ? cifar10_classes() : classes_;
  size_t train_bytes = 0;
  for (int file = 0; file < kCifarTrainFiles; ++file) train_bytes += files_[file]->pixels.size();
  set.train.pixels.reserve(train_bytes);
  for (int file = 0; file < kCifarTrainFiles; ++file) append(set.train, files_[file]);
  set.test = *std::move(files_[kCifarTestFile]);
  check_labels(set.train.labels, set.classes.size(), where("train"));
  check_labels(set.test.labels, set.classes.size(), where("test"));
  set.sha256 = fingerprint(set.train, set.test);
  return set;
}

}  // namespace weir
