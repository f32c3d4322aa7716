#include "core/kernels/gemm/transpose.h"

#include <vector>

#include <gtest/gtest.h>

#include "core/runtime/cpu.h"

namespace weir {
namespace {

using kernels::Transposition;

// Every number has its own value, so a misplaced one shows; what must not be written is -1.
void expect_transposed(const Transposition& t) {
  std::vector<float> from(static_cast<size_t>(t.rows * t.from_row));
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<float>(i);
  std::vector<float> to(static_cast<size_t>(t.columns * t.to_row), -1.f);
  kernels::transpose(t, from.data(), to.data());
  for (int64_t c = 0; c < t.columns; ++c) {
    for (int64_t r = 0; r < t.to_row; ++r) {
      const float expected = r < t.rows ? from[static_cast<size_t>(r * t.from_row + c)] : -1.f;
      ASSERT_EQ(to[static_cast<size_t>(c * t.to_row + r)], expected)
          << t.rows << "x" << t.columns << " at " << r << ", " << c << ", isa " << isa();
    }
  }
}

TEST(Transpose, MovesEveryNumberOnEveryInstructionSet) {
  const std::string before = isa();
  for (const std::string& name : available_isas()) {
    set_isa(name);
    for (const int64_t rows : {1, 2, 3, 5, 6, 7, 8, 9, 16, 33, 70}) {
      for (const int64_t columns : {1, 2, 3, 4, 6, 7, 8, 12, 16, 35, 64}) {
        expect_transposed({rows, columns, columns, rows});
        expect_transposed({rows, columns, columns + 3, rows + 2});
      }
    }
  }
  set_isa(before);
}

}  // namespace
}  // namespace weir
