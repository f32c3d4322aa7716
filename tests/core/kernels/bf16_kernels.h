// Every kernel for bf16 products that can run here, and the one on tiles emulated.
#pragma once

#include <string>
#include <vector>

#include "core/kernels/conv/conv_bf16.h"
#include "tests/support/emulated_tiles.h"

namespace weir::testing {

inline const kernels::Bf16GemmKernel kEmulatedAmx{
    .available = [] { return true; },
    .k_step = kernels::kTileK,
    .most_k = 100,  // so that small layers take several calls
    .run = kernels::amx_gemm<EmulatedTiles>};

struct NamedGemm {
  std::string name;
  const kernels::Bf16GemmKernel& kernel;
};
inline std::vector<NamedGemm> available_bf16_gemms() {
  std::vector<NamedGemm> all{{"amx", kernels::kBf16GemmAmx},
                             {"avx512_bf16", kernels::kBf16GemmAvx512},
                             {"portable", kernels::kBf16GemmPortable},
                             {"amx_emulated", kEmulatedAmx}};
  std::vector<NamedGemm> here;
  for (const NamedGemm& gemm : all) {
    if (gemm.kernel.available()) here.push_back(gemm);
  }
  return here;
}

}  // namespace weir::testing
