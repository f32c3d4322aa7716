#include "core/kernels/gemm/blas.h"

#include <cstdlib>
#include <string_view>

#include <cblas.h>
#include <fmt/core.h>

#include "core/base/log.h"

// Present in OpenBLAS built with DYNAMIC_ARCH (Debian's is); weak, so that others link too.
extern "C" {
void gotoblas_dynamic_init() __attribute__((weak));
void gotoblas_dynamic_quit() __attribute__((weak));
}

namespace weir::kernels {
namespace {

constexpr const char* kCoreVariable = "OPENBLAS_CORETYPE";

// AMX comes with AVX-512.
bool is_avx512(std::string_view isa) { return isa.starts_with("avx512") || isa == "amx"; }

// OpenBLAS's name for the kernels of an instruction set.
std::string_view core_for(std::string_view isa) {
  if (is_avx512(isa)) return "SkylakeX";
  if (isa == "avx2") return "Haswell";
  return "Prescott";
}

bool suits(std::string_view core, std::string_view isa) {
  if (is_avx512(isa)) return core == "SkylakeX" || core == "Cooperlake" || core == "SapphireRapids";
  if (isa == "avx2") return core == "Haswell" || core == "Zen";
  return core == core_for(isa);
}

// OpenBLAS reads the variable when it starts; ours is removed again so that children do not see it.
void restart_with(std::string_view core) {
  ::setenv(kCoreVariable, std::string(core).c_str(), 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  ::unsetenv(kCoreVariable);
}

}  // namespace

void gemm(const Gemm& g) {
  cblas_sgemm(CblasRowMajor, g.transpose_a ? CblasTrans : CblasNoTrans,
              g.transpose_b ? CblasTrans : CblasNoTrans, g.m, g.n, g.k, 1.f, g.a, g.lda, g.b, g.ldb,
              g.beta, g.c, g.ldc);
}

void blas_use_isa(const std::string& isa) {
  constexpr int kOpenMp = 2;
  if (openblas_get_parallel() == kOpenMp) {
    log_warning(
        "this OpenBLAS uses OpenMP threads, which fight with Weir's; "
        "install libopenblas0-pthread for full speed");
  }
  openblas_set_num_threads(1);
  const bool asked = std::getenv(kCoreVariable) != nullptr;
  if (asked || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (!suits(openblas_get_corename(), isa)) restart_with(core_for(isa));
}

std::string blas_description() {
  const std::string config = openblas_get_config();
  return fmt::format("{}, {} kernels, 1 thread",
                     config.substr(0, config.find(' ', config.find(' ') + 1)),
                     openblas_get_corename());
}

}  // namespace weir::kernels
