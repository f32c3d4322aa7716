#include "core/kernels/past_caches.h"

#include <atomic>

namespace weir::kernels {
namespace {

std::atomic<size_t> capacity = 16 << 20;

}  // namespace

bool goes_past_caches(const Tensor& read, const Tensor& written) {
  constexpr size_t kLine = 64;
  const size_t panel = static_cast<size_t>(written.panel_size()) * size_of(written.dtype());
  return read.bytes() + written.bytes() > cache_capacity() && panel % kLine == 0;
}

size_t cache_capacity() { return capacity; }
void set_cache_capacity(size_t bytes) { capacity = bytes; }

}  // namespace weir::kernels
