// AMX: one instruction multiplies tiles of 16 x 32 and 32 x 16. The registers hold a block of C of
// 32 x 32, so that each load of a tile feeds two multiplications.
#include "core/kernels/gemm/amx_gemm.h"
#include "core/runtime/cpu.h"

namespace weir::kernels {
namespace {

#if defined(__x86_64__)

// Written as instructions: the compilers' macros take nothing but literal numbers for a register,
// and GCC's, before version 13, do not say that a load reads memory.
struct AmxTiles {
  static void configure(const TileConfig& config) { asm volatile("ldtilecfg %0" ::"m"(config)); }
  static void release() { asm volatile("tilerelease"); }

  template <int kTile>
  static void zero() {
    asm volatile("tilezero %%tmm%c0" ::"i"(kTile));
  }
  template <int kTile>
  static void load(const void* from, int64_t row_bytes) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(row_bytes), "i"(kTile)
                 : "memory");
  }
  template <int kTile>
  static void store(void* to, int64_t row_bytes) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(row_bytes), "i"(kTile) : "memory");
  }
  template <int kC, int kA, int kB>
  static void multiply_add() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kC), "i"(kA), "i"(kB));
  }
};

void run(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  amx_gemm<AmxTiles>(g, products);
}

#else

void run(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  kBf16GemmPortable.run(g, products);
}

#endif

}  // namespace

const Bf16GemmKernel kBf16GemmAmx{
    .available = [] { return isa_includes("amx"); },
    .k_step = kTileK,
    // 32 columns of B: 24 KiB of the 48 KiB that processors with AMX have in their first cache.
    .most_k = 384,
    .run = run};

}  // namespace weir::kernels
