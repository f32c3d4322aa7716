#include "datasets/transfer.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weir {
namespace {

constexpr long kHttpOk = 200, kHttpRangeNotSatisfiable = 416;
constexpr long kMaxRedirects = 5;

struct CloseCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// The file that grows. Bytes already there stay unless the server starts from the beginning.
class PartFile {
 public:
  explicit PartFile(const std::filesystem::path& path) : path_(path.string()) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0) report();
    size_ = ::lseek(descriptor_, 0, SEEK_END);
  }
  ~PartFile() {
    ::fsync(descriptor_);  // a rename may follow, and must not become durable before the bytes
    ::close(descriptor_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  int64_t size() const { return size_; }
  void clear() {
    if (::ftruncate(descriptor_, 0) != 0) report();
    size_ = 0;
  }
  void append(const char* bytes, size_t count) {
    while (count > 0) {
      const ssize_t written = ::write(descriptor_, bytes, count);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) report();
      bytes += written;
      count -= static_cast<size_t>(written);
      size_ += written;
    }
  }

 private:
  [[noreturn]] void report() const {
    fail(ErrorKind::kInternal, "cannot write {}: {}", path_, std::strerror(errno));
  }
  std::string path_;
  int descriptor_ = -1;
  int64_t size_ = 0;
};

class Transfer {
 public:
  Transfer(const std::string& url, const std::filesystem::path& part,
           const TransferOptions& options)
      : options_(options), part_(part), offset_(part_.size()), curl_(curl_easy_init()) {
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kMaxRedirects);
    set(CURLOPT_PROTOCOLS_STR, "http,https,file");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CONNECTTIMEOUT, long{options.connect_seconds});
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, long{options.stall_seconds});
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    // A plain range, not CURLOPT_RESUME_FROM: with that, curl itself fails where a server answers
    // with the whole file.
    if (offset_ > 0) set(CURLOPT_RANGE, fmt::format("{}-", offset_).c_str());
  }

  TransferResult run() {
    const CURLcode code = curl_easy_perform(curl_.get());
    if (exception_) std::rethrow_exception(exception_);
    if (stopped_) return {TransferStatus::kStopped, ""};
    if (too_large_) {
      return {TransferStatus::kRefused, fmt::format("larger than {} bytes", options_.max_bytes)};
    }
    return judge(code);
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK) {
      fail(ErrorKind::kInternal, "libcurl refuses option {}", static_cast<int>(option));
    }
  }

  long response() const {
    long code = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  TransferResult judge(CURLcode code) const {
    // The file has no bytes after ours: ours is whole, or longer than it should be.
    const bool nothing_left = offset_ > 0 && (response() == kHttpRangeNotSatisfiable ||
                                              code == CURLE_BAD_DOWNLOAD_RESUME);
    if (code == CURLE_OK || nothing_left) return {TransferStatus::kEnded, ""};
    const std::string reason = message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
    switch (code) {
      case CURLE_PARTIAL_FILE:
      case CURLE_RECV_ERROR:
      case CURLE_SEND_ERROR:
      case CURLE_GOT_NOTHING:
      case CURLE_OPERATION_TIMEDOUT:
        return {TransferStatus::kCut, reason};
      default:
        return {TransferStatus::kRefused, reason};
    }
  }

  void take(const char* bytes, size_t count) {
    if (!started_ && offset_ > 0 && response() == kHttpOk) {  // all of it, not the range
      part_.clear();
      offset_ = 0;
    }
    started_ = true;
    too_large_ = part_.size() + static_cast<int64_t>(count) > options_.max_bytes;
    if (!too_large_) part_.append(bytes, count);
  }

  // No exception may pass through curl's C code: it waits in exception_.
  static size_t on_bytes(char* bytes, size_t size, size_t count, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    try {
      transfer.take(bytes, size * count);
    } catch (...) {
      transfer.exception_ = std::current_exception();
    }
    return transfer.exception_ || transfer.too_large_ ? 0 : size * count;
  }

  static int on_progress(void* self, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    if (!transfer.options_.progress) return 0;
    try {
      const int64_t whole = total > 0 ? transfer.offset_ + total : 0;
      transfer.stopped_ = !transfer.options_.progress(transfer.part_.size(), whole);
    } catch (...) {
      transfer.exception_ = std::current_exception();
    }
    return transfer.exception_ || transfer.stopped_ ? 1 : 0;
  }

  const TransferOptions& options_;
  PartFile part_;
  int64_t offset_;
  std::unique_ptr<CURL, CloseCurl> curl_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  bool started_ = false, stopped_ = false, too_large_ = false;
  std::exception_ptr exception_;
};

}  // namespace

TransferResult transfer(const std::string& url, const std::filesystem::path& part,
                        const TransferOptions& options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) fail(ErrorKind::kInternal, "libcurl does not start");
  return Transfer(url, part, options).run();
}

}  // namespace weir
