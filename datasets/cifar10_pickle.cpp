#include "datasets/cifar10_pickle.h"

#include <array>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "datasets/pickle.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Kind = PickleValue::Kind;

constexpr std::string_view kClassFile = "batches.meta";
constexpr uint64_t kMaxFile = uint64_t{64} << 20;  // the published batches have 31 MB

constexpr std::array<std::pair<std::string_view, std::string_view>, kCifarFiles + 1> kPublishedMd5 =
    {{{"data_batch_1", "c99cafc152244af753f735de768cd75f"},
      {"data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"},
      {"data_batch_3", "54ebc095f3ab1f0389bbae665268c751"},
      {"data_batch_4", "634d18415352ddfa80567beed471001a"},
      {"data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"},
      {"test_batch", "40351d587109b95175f43aff81a1287e"},
      {"batches.meta", "5ff9c542aee3614f3951f8cda6e48888"}}};

const PickleValue& member(const PickleValue& dict, std::string_view key, Kind kind,
                          const std::string& where) {
  const PickleValue* value = dict.find(key);
  if (value == nullptr) {
    fail(ErrorKind::kData, "{}: expected a dict with the key '{}', found type {} without it", where,
         key, kind_name(dict.kind));
  }
  if (value->kind != kind) {
    fail(ErrorKind::kData, "{}: '{}' is of type {}, expected {}", where, key,
         kind_name(value->kind), kind_name(kind));
  }
  return *value;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::vector<std::string> sizes;
  for (const int64_t size : shape) sizes.push_back(std::to_string(size));
  return "(" + join(sizes) + ")";
}

void check_data(const PickleValue& data, size_t labels, int records, const std::string& where) {
  const int64_t count = static_cast<int64_t>(labels);
  const std::vector<int64_t> expected = {records > 0 ? records : count, kCifarImageBytes};
  if (data.text != "u1" || data.shape != expected) {
    fail(ErrorKind::kData, "{}: 'data' is {} {}, expected u1 {}; get the set again", where,
         data.text.empty() ? "an empty array" : data.text, shape_text(data.shape),
         shape_text(expected));
  }
  if (data.shape[0] != count) {
    fail(ErrorKind::kData, "{}: {} labels for {} pictures", where, count, data.shape[0]);
  }
}

Images parse_batch(std::string_view bytes, int records, const std::string& where) {
  const PickleDocument document = read_pickle(bytes, where);
  const PickleValue& labels = member(document.root(), "labels", Kind::kList, where);
  const PickleValue& data = member(document.root(), "data", Kind::kArray, where);
  check_data(data, labels.items.size(), records, where);
  Images images;
  images.pixels.assign(data.data.begin(), data.data.end());
  for (const PickleValue* label : labels.items) {
    // Anything that is no small integer becomes a label that the builder refuses.
    const bool small = label->kind == Kind::kInt && label->integer >= 0 && label->integer < 256;
    images.labels.push_back(small ? static_cast<int>(label->integer) : -1);
  }
  return images;
}

std::vector<std::string> parse_class_names(std::string_view bytes, const std::string& where) {
  const PickleDocument document = read_pickle(bytes, where);
  std::vector<std::string> names;
  for (const PickleValue* name : member(document.root(), "label_names", Kind::kList, where).items) {
    if (!name->is_string()) fail(ErrorKind::kData, "{}: a class name is no string", where);
    names.emplace_back(name->text);
  }
  return names;
}

}  // namespace

bool add_cifar10_pickle_file(Cifar10Builder& builder, std::string_view name,
                             std::string_view bytes) {
  const std::string where = builder.where(name);
  if (name == kClassFile) {
    builder.set_classes(name, parse_class_names(bytes, where));
    return true;
  }
  for (int file = 0; file < kCifarFiles; ++file) {
    if (name != cifar10_file_name(file, "")) continue;
    builder.add_file(file, name, parse_batch(bytes, builder.records_per_file(), where));
    return true;
  }
  return false;
}

Dataset read_cifar10_pickle(const fs::path& folder, const Cifar10Options& options) {
  Cifar10Builder builder(folder.string(), options);
  for (const auto& [name, md5] : kPublishedMd5) {
    std::error_code error;
    if (!fs::exists(folder / name, error)) continue;  // finish() names what is missing
    add_cifar10_pickle_file(builder, name, read_file(folder / name, kMaxFile));
  }
  return builder.finish("");
}

std::string_view cifar10_pickle_md5(std::string_view name) {
  for (const auto& [file, md5] : kPublishedMd5) {
    if (file == name) return md5;
  }
  return "";
}

}  // namespace weir
