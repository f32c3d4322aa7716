// The small maps that `weir pool` and the Pooling Playground show.
#pragma once

#include <array>

namespace weir {

struct BuiltInGrid {
  const char* name;
  const char* rows;
};

// The first is docs/pooling.md's example. In the second, windows of 3 with stride 2 share their
// largest cells. In the third, the largest number is in the last row, which windows of 2 with
// stride 2 miss.
inline constexpr std::array<BuiltInGrid, 3> kBuiltInGrids = {
    {{"4x4", "1 3 2 4; 5 6 1 2; 7 2 3 1; 4 8 5 6"},
     {"6x6", "1 3 2 1 4 2; 0 5 1 2 3 6; 4 2 9 1 7 0; 3 1 2 8 2 5; 6 0 4 3 1 2; 2 7 1 5 0 4"},
     {"7x7",
      "0 1 2 1 0 3 1; 2 4 1 0 5 1 2; 1 0 6 3 2 0 4; 3 2 1 7 1 2 0; 0 5 2 1 4 3 1; "
      "2 1 0 3 2 6 2; 1 3 2 0 1 9 0"}}};

}  // namespace weir
