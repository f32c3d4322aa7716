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
#include <cpuid.h>
#include <sys/syscall.h>
#include <xmmintrin.h>
#endif

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/kernels/gemm/blas.h"

namespace weir {
namespace {

#if defined(__x86_64__)
struct CpuId {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};
CpuId extended_features(unsigned subleaf) {
  CpuId id;
  __get_cpuid_count(7, subleaf, &id.eax, &id.ebx, &id.ecx, &id.edx);
  return id;
}

bool has_avx512_bf16() { return extended_features(1).eax >> 5 & 1; }

// Linux lends the tile registers only to processes that ask (their state takes 8 KiB for each
// thread). The answer holds for all threads.
bool may_use_amx() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // of arch_prctl
  static const bool granted = [] {
    const unsigned features = extended_features(0).edx;
    const bool amx_bf16 = features >> 22 & 1, amx_tile = features >> 24 & 1;
    return has_avx512_bf16() && amx_bf16 && amx_tile &&
           ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  }();
  return granted;
}
#else
bool has_avx512_bf16() { return false; }
bool may_use_amx() { return false; }
#endif
bool nothing_more() { return true; }

struct Isa {
  const char* name;
  int64_t needs;   // Highway targets, all of which the machine must have; 0 = always there
  int64_t hides;   // targets that are switched off when this one is forced
  bool (*also)();  // what Highway does not know
};

// Each includes the ones before.
constexpr int64_t kAvx512 = HWY_AVX3 | HWY_AVX3_DL;
constexpr int64_t kAvx2 = HWY_AVX2;
constexpr std::array<Isa, 5> kIsas{{{"scalar", 0, kAvx512 | kAvx2, nothing_more},
                                    {"avx2", kAvx2, kAvx512, nothing_more},
                                    {"avx512", HWY_AVX3, 0, nothing_more},
                                    {"avx512_bf16", HWY_AVX3, 0, has_avx512_bf16},
                                    {"amx", HWY_AVX3, 0, may_use_amx}}};

// Asked once, before anything is disabled.
int64_t machine_targets() {
  static const int64_t targets = [] {
    hwy::DisableTargets(0);
    return hwy::SupportedTargets();
  }();
  return targets;
}

bool present(const Isa& isa) { return (machine_targets() & isa.needs) == isa.needs && isa.also(); }

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
    if (present(candidate)) names.push_back(candidate.name);
  }
  return names;
}

std::string isa() { return current_isa().name; }

bool isa_includes(std::string_view name) {
  for (const Isa* isa = kIsas.data(); isa <= &current_isa(); ++isa) {
    if (isa->name == name) return true;
  }
  return false;
}

void set_isa(const std::string& name) {
  const std::vector<std::string> known = available_isas();
  for (const Isa& candidate : kIsas) {
    if (candidate.name != name) continue;
    if (!present(candidate)) break;
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
