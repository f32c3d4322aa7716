#include "core/runtime/parallel.h"

#include <atomic>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

class Parallel : public ::testing::Test {
 protected:
  ~Parallel() override { set_threads(0); }
};

TEST_F(Parallel, EveryItemRunsOnce) {
  for (int count : {1, 2, 4}) {
    set_threads(count);
    EXPECT_EQ(threads(), count);
    std::vector<std::atomic<int>> runs(1001);
    parallel_for(1001, [&](int64_t i) { ++runs[static_cast<size_t>(i)]; });
    for (const auto& n : runs) EXPECT_EQ(n, 1);
  }
}

TEST_F(Parallel, RangesCoverTheCount) {
  set_threads(2);
  std::atomic<int64_t> sum{0};
  parallel_ranges(10, 3, [&](int64_t begin, int64_t end) {
    EXPECT_LE(end - begin, 3);
    for (int64_t i = begin; i < end; ++i) sum += i;
  });
  EXPECT_EQ(sum, 45);
  parallel_ranges(0, 3, [&](int64_t, int64_t) { FAIL() << "nothing to do"; });
}

TEST_F(Parallel, ExceptionsReachTheCaller) {
  set_threads(3);
  EXPECT_THROW(parallel_for(100,
                            [](int64_t i) {
                              if (i == 57) throw std::runtime_error("57");
                            }),
               std::runtime_error);
  std::atomic<int> after{0};
  parallel_for(8, [&](int64_t) { ++after; });
  EXPECT_EQ(after, 8) << "the pool works on after an error";
}

TEST_F(Parallel, ItemsFlushDenormalsAndTheCallerKeepsItsMode) {
  volatile float tiny = std::numeric_limits<float>::min();
  for (int count : {1, 3}) {
    set_threads(count);
    std::atomic<int> kept{0};
    parallel_for(64, [&](int64_t) {
      volatile float half = tiny * 0.5f;
      if (half != 0.f) ++kept;
    });
    EXPECT_EQ(kept, 0);
  }
  volatile float half = tiny * 0.5f;
  EXPECT_GT(half, 0.f);
}

TEST_F(Parallel, NestedWorkCompletes) {
  set_threads(2);
  std::atomic<int> runs{0};
  parallel_for(4, [&](int64_t) { parallel_for(5, [&](int64_t) { ++runs; }); });
  EXPECT_EQ(runs, 20);
}

TEST_F(Parallel, SumsDoNotDependOnThreads) {
  std::vector<float> values(100'000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = 1.f / static_cast<float>(i + 1);
  const auto total = [&] {
    return parallel_sum(static_cast<int64_t>(values.size()), [&](int64_t begin, int64_t end) {
      float sum = 0;
      for (int64_t i = begin; i < end; ++i) sum += values[static_cast<size_t>(i)];
      return double{sum};
    });
  };
  set_threads(1);
  const double one = total();
  set_threads(4);
  EXPECT_EQ(one, total());
}

TEST_F(Parallel, TreeSumAddsAllParts) {
  constexpr int kParts = 5, kSize = 9000;
  std::vector<float> parts(kParts * kSize);
  for (int part = 0; part < kParts; ++part) {
    for (int i = 0; i < kSize; ++i) {
      parts[static_cast<size_t>(part * kSize + i)] = static_cast<float>((part + 1) * (i % 10));
    }
  }
  tree_sum(parts.data(), kParts, kSize, kSize);
  for (int i = 0; i < kSize; ++i) {
    ASSERT_EQ(parts[static_cast<size_t>(i)], static_cast<float>(15 * (i % 10)));
  }
}

TEST_F(Parallel, BackgroundRunsBesideTheCallerAndReportsErrors) {
  set_threads(2);
  Background background;
  background.wait();  // nothing started: returns
  std::atomic<int> done{0};
  background.start([&] { parallel_for(16, [&](int64_t) { ++done; }); });
  parallel_for(16, [](int64_t) {});
  background.wait();
  EXPECT_EQ(done, 16);
  background.start([] { throw std::runtime_error("broken"); });
  EXPECT_THROW(background.wait(), std::runtime_error);
}

}  // namespace
}  // namespace weir
