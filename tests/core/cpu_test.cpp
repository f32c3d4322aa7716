#include "core/runtime/cpu.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kernels/gemm/blas.h"

namespace weir {
namespace {

TEST(Cpu, ListsAndSwitchesInstructionSets) {
  const std::string before = isa();
  const auto known = available_isas();
  ASSERT_FALSE(known.empty());
  EXPECT_EQ(known.front(), "scalar");
  for (const std::string& name : known) {
    set_isa(name);
    EXPECT_EQ(isa(), name);
    EXPECT_NE(kernels::blas_description().find("OpenBLAS"), std::string::npos);
  }
  set_isa(before);
}

TEST(Cpu, UnknownInstructionSetNamesTheKnownOnes) {
  try {
    set_isa("avx513");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("this machine has: scalar"), std::string::npos);
  }
}

TEST(Cpu, DenormalsAreFlushedWhileTheGuardLives) {
  volatile float tiny = std::numeric_limits<float>::min();
  const auto halved = [&] {
    volatile float half = 0.5f;
    volatile float product = tiny * half;
    return product;
  };
  {
    const FlushDenormals guard;
    EXPECT_EQ(halved(), 0.f);
  }
  EXPECT_GT(halved(), 0.f);
}

TEST(Cpu, ReportsTheMachine) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_GT(peak_resident_bytes(), 1 << 20);
  EXPECT_FALSE(cpu_model().empty());
}

}  // namespace
}  // namespace weir
