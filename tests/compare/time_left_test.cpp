#include "compare/run/time_left.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(TimeLeft, NothingIsKnownBeforeTheFirstEpoch) {
  TimeLeft left({{1, 1}, {2, 2}}, 1);
  left.expect({0}, 10);
  EXPECT_FALSE(left.seconds());
}

// Cell 0 costs 3 s an epoch, so cell 1, twice the work, is expected to cost 6 s: 8 * 3 + 4 * 6.
TEST(TimeLeft, CellsThatWereNotSeenTakeTheirCost) {
  TimeLeft left({{100, 100}, {200, 200}}, 1);
  left.expect({0}, 10);
  left.expect({1}, 4);
  for (const double seconds : {2.0, 4.0}) {
    left.measure({0}, seconds);
    left.expect({0}, -1);
  }
  EXPECT_DOUBLE_EQ(*left.seconds(), 8 * 3.0 + 4 * 6.0);
  left.measure({1}, 10);  // now it was seen
  left.expect({1}, -1);
  EXPECT_DOUBLE_EQ(*left.seconds(), 8 * 3.0 + 3 * 10.0);
}

// Trials on a tenth of the pictures: 2 s an epoch, so one of a run is expected to take 20.
TEST(TimeLeft, TrialsSayNothingOfRunsButByTheirCost) {
  const EpochKind run{0, false}, trial{0, true};
  TimeLeft left({{1000, 100}}, 1);
  left.expect(run, 30);
  left.expect(trial, 5);
  left.measure(trial, 2);
  left.expect(trial, -1);
  EXPECT_DOUBLE_EQ(*left.seconds(), 30 * 20.0 + 4 * 2.0);
  left.measure(run, 16);  // now it was seen
  left.expect(run, -1);
  EXPECT_DOUBLE_EQ(*left.seconds(), 29 * 16.0 + 4 * 2.0);
}

TEST(TimeLeft, JobsShareWhatIsLeft) {
  TimeLeft left({{1, 1}}, 4);
  left.expect({0}, 8);
  left.measure({0}, 5);
  EXPECT_DOUBLE_EQ(*left.seconds(), 8 * 5.0 / 4);
  left.expect({0}, -20);  // more than there were: no negative time
  EXPECT_DOUBLE_EQ(*left.seconds(), 0);
}

}  // namespace
}  // namespace weir
