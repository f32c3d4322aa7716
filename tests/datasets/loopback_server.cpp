#include "tests/datasets/loopback_server.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::testing_support {
namespace {

constexpr int kPollMilliseconds = 20;
constexpr int kLongestWaits = 500;  // 10 seconds: a test that hangs ends all the same

bool wait_readable(int socket, const std::atomic<bool>& stop) {
  for (int i = 0; i < kLongestWaits && !stop; ++i) {
    pollfd entry{.fd = socket, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, kPollMilliseconds) > 0) return true;
  }
  return false;
}

// The request up to its empty line.
std::string read_request(int connection, const std::atomic<bool>& stop) {
  std::string text;
  char buffer[2048];
  while (text.find("\r\n\r\n") == std::string::npos) {
    if (!wait_readable(connection, stop)) break;
    const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) break;
    text.append(buffer, static_cast<size_t>(count));
  }
  return text;
}

void send_all(int connection, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count =
        ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;  // the client has gone
    sent += static_cast<size_t>(count);
  }
}

int64_t range_begin(const std::string& request) {
  static const std::string kHeader = "Range: bytes=";
  const size_t at = request.find(kHeader);
  return at == std::string::npos ? 0 : std::stoll(request.substr(at + kHeader.size()));
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);  // port 0: any free one
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

std::string LoopbackServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<int64_t> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void LoopbackServer::serve() {
  while (!stop_) {
    if (!wait_readable(listener_, stop_)) continue;
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

void LoopbackServer::answer(int connection) {
  const int64_t begin = range_begin(read_request(connection, stop_));
  int number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = static_cast<int>(requests_.size());
    requests_.push_back(begin);
  }
  const HttpReply reply = handler_(number, begin);
  if (reply.silent) {
    wait_readable(connection, stop_);  // until the client hangs up
    return;
  }
  const int64_t length =
      reply.announced >= 0 ? reply.announced : static_cast<int64_t>(reply.body.size());
  send_all(connection,
           fmt::format("HTTP/1.1 {} Reply\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
                       reply.status, length, reply.headers));
  send_all(connection, reply.body);
}

HttpReply ranged_reply(const std::string& file, int64_t begin) {
  const auto size = static_cast<int64_t>(file.size());
  if (begin == 0) return {.body = file};
  if (begin >= size) return {.status = 416};
  return {.status = 206,
          .headers = fmt::format("Content-Range: bytes {}-{}/{}\r\n", begin, size - 1, size),
          .body = file.substr(static_cast<size_t>(begin))};
}

}  // namespace weir::testing_support
