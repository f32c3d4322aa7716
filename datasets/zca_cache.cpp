#include "datasets/zca_cache.h"

#include <cstring>
#include <string_view>
#include <system_error>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// The file: SHA-256 of what follows (64 letters), then the mean, then the matrix, as floats.
constexpr size_t kDigestSize = 64;

fs::path file_of(const fs::path& folder, const std::string& key) {
  return folder / (sha256_hex(key) + ".zca");
}

std::string_view bytes_of(const Tensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.data()), tensor.bytes()};
}

Tensor tensor_from(std::string_view bytes, Shape shape) {
  Tensor tensor = Tensor::empty(shape);
  std::memcpy(tensor.data(), bytes.data(), tensor.bytes());
  return tensor;
}

Zca parse(std::string_view bytes, int64_t dimension) {
  const size_t mean_size = static_cast<size_t>(dimension) * sizeof(float);
  const size_t expected = kDigestSize + mean_size * (static_cast<size_t>(dimension) + 1);
  if (bytes.size() != expected) {
    fail(ErrorKind::kData, "expected {} bytes, found {}", expected, bytes.size());
  }
  const std::string_view values = bytes.substr(kDigestSize);
  if (sha256_hex(values) != bytes.substr(0, kDigestSize)) {
    fail(ErrorKind::kData, "the checksum does not match the content");
  }
  return {.mean = tensor_from(values, {dimension}),
          .matrix = tensor_from(values.substr(mean_size), {dimension, dimension})};
}

}  // namespace

std::optional<Zca> load_cached_zca(const fs::path& folder, const std::string& key, int dimension) {
  const fs::path path = file_of(folder, key);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  try {
    return parse(read_file(path), dimension);
  } catch (const Error& error) {
    log_warning("{} is computed anew: {}", path.string(), error.what());
    return std::nullopt;
  }
}

void store_cached_zca(const fs::path& folder, const std::string& key, const Zca& zca) {
  std::string values(bytes_of(zca.mean));
  values += bytes_of(zca.matrix);
  try {
    make_folder(folder);
    write_file_atomic(file_of(folder, key), sha256_hex(values) + values);
  } catch (const Error& error) {
    log_warning("the whitening matrix is not kept for later runs: {}", error.what());
  }
}

}  // namespace weir
