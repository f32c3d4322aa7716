#include "core/base/digest.h"

#include <array>

#include <openssl/evp.h>

#include "core/base/error.h"

namespace weir {

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
  const EVP_MD* algorithm = kind == DigestKind::kMd5 ? EVP_md5() : EVP_sha256();
  if (EVP_DigestInit_ex(state_->context, algorithm, nullptr) != 1) {
    fail(ErrorKind::kInternal, "OpenSSL refuses the checksum {}",
         kind == DigestKind::kMd5 ? "MD5" : "SHA-256");
  }
}

Digest::~Digest() = default;

void Digest::update(const void* bytes, size_t count) {
  EVP_DigestUpdate(state_->context, bytes, count);
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned length = 0;
  EVP_DigestFinal_ex(state_->context, raw.data(), &length);
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", raw[i]);
  return text;
}

std::string md5_hex(std::string_view bytes) {
  Digest digest(DigestKind::kMd5);
  digest.update(bytes.data(), bytes.size());
  return digest.hex();
}

std::string sha256_hex(std::string_view bytes) {
  Digest digest(DigestKind::kSha256);
  digest.update(bytes.data(), bytes.size());
  return digest.hex();
}

}  // namespace weir
