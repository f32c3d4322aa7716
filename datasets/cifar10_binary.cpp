#include "datasets/cifar10_binary.h"

#include <sstream>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".bin";
constexpr std::string_view kClassFile = "batches.meta.txt";
constexpr uint64_t kMaxClassFile = 64 << 10;

// "3 bytes too many" and the like, against the nearest size that would be right.
std::string difference(uint64_t found, uint64_t expected) {
  return found > expected
             ? fmt::format("{} bytes too many: the file is oversized", found - expected)
             : fmt::format("{} bytes too few: the file is truncated", expected - found);
}

void check_size(uint64_t bytes, int records, const std::string& where) {
  const uint64_t expected = uint64_t(records) * kCifarRecordBytes;
  if (records > 0 && bytes != expected) {
    fail(ErrorKind::kData, "{}: expected {} bytes ({} records of {}), found {}: {}; get it again",
         where, expected, records, kCifarRecordBytes, bytes, difference(bytes, expected));
  }
  if (bytes % kCifarRecordBytes != 0) {
    fail(ErrorKind::kData,
         "{}: expected whole records of {} bytes, found {} bytes: {} bytes after the last whole "
         "record; the file is truncated or damaged; get it again",
         where, kCifarRecordBytes, bytes, bytes % kCifarRecordBytes);
  }
}

Images parse_records(std::string_view bytes) {
  Images images;
  const size_t count = bytes.size() / kCifarRecordBytes;
  images.pixels.reserve(count * kCifarImageBytes);
  images.labels.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const std::string_view record = bytes.substr(i * kCifarRecordBytes, kCifarRecordBytes);
    images.labels.push_back(static_cast<uint8_t>(record[0]));
    images.pixels.insert(images.pixels.end(), record.begin() + 1, record.end());
  }
  return images;
}

std::vector<std::string> parse_class_names(std::string_view text) {
  std::vector<std::string> names;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  return names;
}

}  // namespace

bool add_cifar10_binary_file(Cifar10Builder& builder, std::string_view name,
                             std::string_view bytes) {
  if (name == kClassFile) {
    builder.set_classes(name, parse_class_names(bytes));
    return true;
  }
  for (int file = 0; file < kCifarFiles; ++file) {
    if (name != cifar10_file_name(file, kSuffix)) continue;
    check_size(bytes.size(), builder.records_per_file(), builder.where(name));
    builder.add_file(file, name, parse_records(bytes));
    return true;
  }
  return false;
}

Dataset read_cifar10_binary(const fs::path& folder, const Cifar10Options& options) {
  Cifar10Builder builder(folder.string(), options);
  const fs::path class_file = folder / kClassFile;
  std::error_code error;
  if (fs::exists(class_file, error)) {
    add_cifar10_binary_file(builder, kClassFile, read_file(class_file, kMaxClassFile));
  }
  for (int file = 0; file < kCifarFiles; ++file) {
    const std::string name = cifar10_file_name(file, kSuffix);
    const fs::path path = folder / name;
    const uint64_t size = fs::file_size(path, error);
    if (error == std::errc::no_such_file_or_directory) continue;  // finish() names what is missing
    // Before the bytes are read, so that a huge file costs nothing. read_file reports other errors.
    if (!error) check_size(size, options.records_per_file, path.string());
    add_cifar10_binary_file(builder, name, read_file(path));
  }
  return builder.finish(kSuffix);
}

}  // namespace weir
