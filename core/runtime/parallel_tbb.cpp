// The thread pool on oneTBB: one arena for everything.
#include <mutex>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "core/runtime/step_run.h"
#include "core/runtime/threads.h"

namespace weir {
namespace {

namespace tbb = oneapi::tbb;

struct Pool {
  explicit Pool(int count)
      : size(count),
        limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(count)),
        arena(count) {
    isa();  // settles WEIR_ISA before any kernel runs
  }
  int size;
  tbb::global_control limit;
  tbb::task_arena arena;
};

std::mutex pool_mutex;
std::unique_ptr<Pool> current;

Pool& pool() {
  const std::lock_guard lock(pool_mutex);
  if (!current) current = std::make_unique<Pool>(default_threads());
  return *current;
}

}  // namespace

void set_threads(int count) {
  const int wanted = count > 0 ? count : default_threads();
  const std::lock_guard lock(pool_mutex);
  if (current && current->size == wanted) return;
  current.reset();
  current = std::make_unique<Pool>(wanted);
}

int threads() { return pool().size; }

void parallel_for(int64_t count, FunctionRef<void(int64_t)> body) {
  if (count <= 0) return;
  const PauseStep pause;
  Pool& workers = pool();
  workers.arena.execute([&] {
    if (count == 1 || workers.size == 1) {
      const FlushDenormals flush;
      for (int64_t i = 0; i < count; ++i) body(i);
      return;
    }
    tbb::parallel_for(
        tbb::blocked_range<int64_t>(0, count, 1),
        [&](const tbb::blocked_range<int64_t>& range) {
          const FlushDenormals flush;
          for (int64_t i = range.begin(); i != range.end(); ++i) body(i);
        },
        tbb::simple_partitioner());
  });
}

struct Background::State {
  tbb::task_group group;
  bool running = false;
};

Background::Background() : state_(std::make_unique<State>()) {}

Background::~Background() {
  try {
    wait();
  } catch (...) {  // nobody is left to be told
  }
}

void Background::start(std::function<void()> task) {
  state_->running = true;
  pool().arena.execute([&] { state_->group.run(std::move(task)); });
}

void Background::wait() {
  if (!state_->running) return;
  state_->running = false;
  const PauseStep pause;  // this thread may help
  pool().arena.execute([&] { state_->group.wait(); });
}

}  // namespace weir
