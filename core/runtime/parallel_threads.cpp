// The thread pool on std::thread, for ThreadSanitizer: Debian's TBB is not instrumented, and gives
// false reports. Threads are made for each call; simple, and fast enough for tests.
#include <atomic>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "core/runtime/step_run.h"
#include "core/runtime/threads.h"

namespace weir {
namespace {

std::atomic<int> pool_size{0};
// Parallel work inside parallel work runs on the thread that asks for it.
thread_local bool inside_worker = false;

// Hands out items to whoever asks, until all are done or one throws.
class WorkList {
 public:
  WorkList(int64_t count, FunctionRef<void(int64_t)> body) : count_(count), body_(body) {}
  void work() {
    const FlushDenormals flush;
    inside_worker = true;
    try {
      for (int64_t i = next_++; i < count_; i = next_++) body_(i);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      next_ = count_;
    }
    inside_worker = false;
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  int64_t count_;
  FunctionRef<void(int64_t)> body_;
  std::atomic<int64_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

void set_threads(int count) {
  isa();  // settles WEIR_ISA before any kernel runs
  pool_size = count > 0 ? count : default_threads();
}

int threads() {
  if (pool_size == 0) set_threads(0);
  return pool_size;
}

void parallel_for(int64_t count, FunctionRef<void(int64_t)> body) {
  const PauseStep pause;
  const int size = threads();  // also settles WEIR_ISA
  if (inside_worker || count <= 1 || size == 1) {
    const FlushDenormals flush;
    for (int64_t i = 0; i < count; ++i) body(i);
    return;
  }
  WorkList list(count, body);
  std::vector<std::jthread> helpers;
  for (int64_t i = 1; i < std::min<int64_t>(size, count); ++i) {
    helpers.emplace_back([&] { list.work(); });
  }
  list.work();
  helpers.clear();  // joins
  list.rethrow();
}

struct Background::State {
  std::future<void> result;
};

Background::Background() : state_(std::make_unique<State>()) {}

Background::~Background() {
  if (state_->result.valid()) state_->result.wait();
}

void Background::start(std::function<void()> task) {
  state_->result = std::async(std::launch::async, std::move(task));
}

void Background::wait() {
  if (state_->result.valid()) state_->result.get();
}

}  // namespace weir
