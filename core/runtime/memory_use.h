// Counts the bytes that are handed out, wherever they come from. Any thread.
#pragma once

#include <atomic>
#include <cstddef>

namespace weir {

class MemoryUse {
 public:
  void add(size_t bytes) {
    const size_t now = now_.fetch_add(bytes) + bytes;
    size_t peak = peak_.load();
    while (now > peak && !peak_.compare_exchange_weak(peak, now)) {
    }
  }
  void subtract(size_t bytes) { now_.fetch_sub(bytes); }
  size_t now() const { return now_; }
  size_t peak() const { return peak_; }

 private:
  std::atomic<size_t> now_{0}, peak_{0};
};

// The one of this process.
inline MemoryUse& memory_use() {
  static MemoryUse instance;
  return instance;
}

}  // namespace weir
