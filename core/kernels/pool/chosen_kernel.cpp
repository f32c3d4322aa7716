#include "core/kernels/pool/chosen_kernel.h"

#include <atomic>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir::kernels {
namespace {

std::atomic<const PoolKernel*>& chosen() {
  static std::atomic<const PoolKernel*> kernel = &pool_kernels().front();
  return kernel;
}

}  // namespace

const PoolKernel& chosen_pool_kernel() { return *chosen(); }

void set_pool_kernel(std::string_view name) {
  std::vector<std::string> names;
  for (const PoolKernel& kernel : pool_kernels()) {
    if (kernel.name == name) {
      chosen() = &kernel;
      return;
    }
    names.emplace_back(kernel.name);
  }
  fail(ErrorKind::kUsage, "unknown pooling kernel '{}'{}; known: {}", name,
       did_you_mean(name, names), join(names));
}

}  // namespace weir::kernels
