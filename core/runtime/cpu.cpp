#include "core/runtime/cpu.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include <hwy/targets.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/kernels/blas.h"

namespace weir {
namespace {

struct Isa {
  const char* name;
  int64_t needs;  // Highway targets, all of which the machine must have; 0 = always there
  int64_t hides;  // targets that are switched off when this one is forced
};

constexpr int64_t kAvx512 = HWY_AVX3 | HWY_AVX3_DL;
constexpr int64_t kAvx2 = HWY_AVX2;
constexpr std::array<Isa, 3> kIsas{
    {{"scalar", 0, kAvx512 | kAvx2}, {"avx2", kAvx2, kAvx512}, {"avx512", HWY_AVX3, 0}}};

// Asked once, before anything is disabled.
int64_t machine_targets() {
  static const int64_t targets = [] {
    hwy::DisableTargets(0);
    return hwy::SupportedTargets();
  }();
  return targets;
}

std::atomic<const Isa*> chosen_isa{nullptr};

// Picks the first choice of the environment once, before any kernel runs.
const Isa& current_isa() {
  static std::once_flag settled;
  std::call_once(settled, [] {
    const char* forced = std::getenv("WEIR_ISA");
    if (!chosen_isa) set_isa(forced && *forced ? forced : available_isas().back());
  });
  return *chosen_isa;
}

}  // namespace

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const Isa& candidate : kIsas) {
    if ((machine_targets() & candidate.needs) == candidate.needs) names.push_back(candidate.name);
  }
  return names;
}

std::string isa() { return current_isa().name; }

void set_isa(const std::string& name) {
  const std::vector<std::string> known = available_isas();
  for (const Isa& candidate : kIsas) {
    if (candidate.name != name) continue;
    if ((machine_targets() & candidate.needs) != candidate.needs) break;
    hwy::DisableTargets(candidate.hides);
    chosen_isa = &candidate;
    kernels::blas_use_isa(name);
    return;
  }
  fail(ErrorKind::kUsage, "instruction set '{}' is not available here; this machine has: {}{}",
       name, join(known), did_you_mean(name, known));
}

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t at = line.find(": ");
    if (line.starts_with("model name") && at != std::string::npos) return line.substr(at + 2);
  }
  return "unknown";
}

int usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return CPU_COUNT(&set);
}

long peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024L;
}

#if defined(__x86_64__)
constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
FlushDenormals::FlushDenormals() : saved_(_mm_getcsr()) {
  _mm_setcsr(saved_ | kFlushToZero | kDenormalsAreZero);
}
FlushDenormals::~FlushDenormals() { _mm_setcsr(saved_); }
#else
FlushDenormals::FlushDenormals() : saved_(0) {}
FlushDenormals::~FlushDenormals() = default;
#endif

}  // namespace weir
