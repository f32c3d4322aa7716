// The one thread pool (oneTBB underneath). Work is cut into items whose number does not depend on
// the number of threads, or is in no result, and partial results are combined in a fixed order. So
// the number of threads never changes a result.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/runtime/function_ref.h"

namespace weir {

// Number of threads for all work from now on; 0 means WEIR_THREADS or else every core this process
// may use. Call it between steps, not inside parallel work.
void set_threads(int count);
int threads();

// Calls body(i) for i in [0, count), on any thread, in any order. Items must not write to the same
// memory. The first exception thrown by an item is rethrown here after the others have stopped.
void parallel_for(int64_t count, FunctionRef<void(int64_t)> body);

// Cuts [0, count) into ranges of `grain` (the last may be shorter): body(begin, end).
void parallel_ranges(int64_t count, int64_t grain, FunctionRef<void(int64_t, int64_t)> body);

// How many chunks a reduction over `count` items uses. A function of `count` alone.
int reduction_chunks(int64_t count, int most = 16);

// Sum of body(begin, end) over fixed chunks of [0, count), added pairwise in a fixed tree.
double parallel_sum(int64_t count, FunctionRef<double(int64_t, int64_t)> body);

// Adds partial[1..parts) into partial[0] in a fixed tree; each part has `size` floats and part p
// starts at partial + p * stride. Parallel over elements.
void tree_sum(float* partial, int parts, int64_t size, int64_t stride);

// One task that runs beside the caller, on a thread of its own but with the pool's help: batch
// assembly while a step computes.
class Background {
 public:
  Background();
  ~Background();  // waits for the task
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  // Starts the task; the one before must have been waited for.
  void start(std::function<void()> task);
  // Blocks until the task is done; rethrows what it threw. Returns at once when there is none.
  void wait();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
