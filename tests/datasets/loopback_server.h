// A small HTTP server on 127.0.0.1 for tests: it answers as the test says, and stops by itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::testing_support {

struct HttpReply {
  int status = 200;
  std::string headers = {};  // whole lines with \r\n
  std::string body = {};     // what is sent
  int64_t announced = -1;    // Content-Length; -1: the body's size
  bool silent = false;       // accepts, and never answers
};

class LoopbackServer {
 public:
  // `reply(request, begin)`: the number of the request from 0, and the first byte of its Range
  // header (0 without one). It runs on the server's thread.
  using Handler = std::function<HttpReply(int request, int64_t begin)>;
  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path = "/file.bin") const;
  // The first byte that each request so far has asked for.
  std::vector<int64_t> requests() const;

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::vector<int64_t> requests_;
  std::thread thread_;
};

// The file from `begin` on, as a server that knows ranges answers.
HttpReply ranged_reply(const std::string& file, int64_t begin);

}  // namespace weir::testing_support
