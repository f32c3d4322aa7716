#include "core/kernels/byte_panels.h"

#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "core/runtime/philox.h"
#include "tests/core/kernels/conditions.h"

namespace weir::kernels {
namespace {

// Lanes that read exactly `width` bytes each, of a source that holds nothing else, so that a read
// too far is seen by AddressSanitizer for the first and the last lane.
struct Case {
  Case(int count, int width) : lanes(count), bytes(static_cast<size_t>(count * width)) {
    Philox random(7, Purpose::kTest);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.below(256));
    for (size_t i = 0; i < lanes.first.size(); ++i) {
      const auto row = bytes.data() + static_cast<int>(i) * width;
      lanes.reversed[i] = random.below(2) == 1;
      lanes.first[i] = row + (lanes.reversed[i] ? width - 1 : 0);
      lanes.begin[i] = static_cast<int>(random.below(static_cast<uint32_t>(width)));
      lanes.end[i] = static_cast<int>(random.below(static_cast<uint32_t>(width) + 1));
      lanes.shift[i] = random.uniform(0.f, 255.f);
      lanes.scale[i] = random.uniform(-2.f, 2.f);
    }
  }
  float expected(size_t lane, int x) const {
    if (x < lanes.begin[lane] || x >= lanes.end[lane]) return 0.f;
    const uint8_t byte = *(lanes.first[lane] + (lanes.reversed[lane] ? -x : x));
    return (static_cast<float>(byte) - lanes.shift[lane]) * lanes.scale[lane];
  }

  ByteLanes lanes;
  std::vector<uint8_t> bytes;
};

// (lanes, pixels): below, at and above the side of a square, and no multiples of it.
class BytePanels : public ::testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(BytePanels, PutsEveryByteInItsPlaceOnEveryIsa) {
  const auto [count, width] = GetParam();
  const Case source(count, width);
  const auto size = static_cast<size_t>(count * width);
  testing::for_each_isa([&, count = count, width = width] {
    std::vector<float> floats(size, -1.f);
    std::vector<bfloat16> halves(size, bfloat16{1});
    panels_from_bytes(source.lanes, width, floats.data());
    panels_from_bytes(source.lanes, width, halves.data());
    for (int x = 0; x < width; ++x) {
      for (size_t lane = 0; lane < source.lanes.first.size(); ++lane) {
        const size_t at = static_cast<size_t>(x * count) + lane;
        const float expected = source.expected(lane, x);
        ASSERT_EQ(floats[at], expected) << "lane " << lane << " at " << x;
        ASSERT_EQ(halves[at].bits, to_bfloat16(expected).bits) << "lane " << lane << " at " << x;
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Sizes, BytePanels,
                         ::testing::Combine(::testing::Values(1, 3, 15, 16, 33, 96),
                                            ::testing::Values(1, 7, 16, 28, 32, 45)));

}  // namespace
}  // namespace weir::kernels
