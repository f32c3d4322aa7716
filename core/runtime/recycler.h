// Freed blocks wait here for the next request of nearly the same size.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

class Recycler {
 public:
  // 64-byte aligned. Comes back with the last owner. Any thread.
  std::shared_ptr<std::byte> allocate(size_t bytes);
  // Bytes that wait for reuse.
  size_t waiting();
  // Gives them back to the operating system.
  void release();

 private:
  std::byte* take(size_t rounded);
  void give(std::byte* block, size_t rounded);

  std::mutex mutex_;
  std::map<size_t, std::vector<std::byte*>> blocks_;  // by size
  size_t waiting_ = 0;
};

// The one of this process.
Recycler& recycler();

}  // namespace weir
