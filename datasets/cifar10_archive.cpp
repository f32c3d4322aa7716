#include "datasets/cifar10_archive.h"

#include "core/base/error.h"
#include "datasets/archive.h"
#include "datasets/cifar10_binary.h"
#include "datasets/cifar10_pickle.h"

namespace weir {
namespace {

std::string published_md5(const std::filesystem::path& archive) {
  return std::string(archive.filename() == kCifarPythonArchive ? kCifarPythonMd5 : kCifarBinaryMd5);
}

void check_md5(const std::filesystem::path& archive, const std::string& expected) {
  const std::string found = file_md5(archive);
  if (found == expected) return;
  fail(ErrorKind::kData,
       "{}: expected MD5 {}, found {}: the file is damaged or incomplete; delete it and get it "
       "again with `weir data get cifar10`",
       archive.string(), expected, found);
}

}  // namespace

Dataset read_cifar10_archive(const std::filesystem::path& archive, const Cifar10Options& options,
                             const std::optional<std::string>& md5) {
  const std::string expected = md5.value_or(published_md5(archive));
  if (!expected.empty()) check_md5(archive, expected);
  Cifar10Builder builder(archive.string(), options);
  bool pickled = false;
  read_tar_gz(archive, [&](std::string_view name, std::string_view bytes) {
    if (add_cifar10_binary_file(builder, name, bytes)) return;
    pickled |= add_cifar10_pickle_file(builder, name, bytes);
  });
  return builder.finish(pickled ? "" : ".bin");
}

}  // namespace weir
