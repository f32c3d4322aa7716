// A comparison in words.
#include "compare/report/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Two nets, already analysed.
class Answer : public ::testing::Test {
 protected:
  Answer() {
    Experiment& experiment = comparison_.experiment;
    experiment.plan.variants = {{.name = "pool"}, {.name = "stride"}};
    experiment.cells = {{.variant = "pool"}, {.variant = "stride"}};
    comparison_.cells = {result(0, {0.90, 0.91, 0.92}), result(1, {0.93, 0.94, 0.96})};
    comparison_.runs_planned = comparison_.runs_complete = 6;
    pair_ = {.pair = {.name = "x", .a = "pool", .b = "stride"},
             .a = 0,
             .b = 1,
             .is_tested = true,
             .reason = "test.method is unpaired",
             .sample_a = *comparison_.cells[0].test_acc,
             .sample_b = *comparison_.cells[1].test_acc,
             .difference = -1.0 / 30,
             .interval = Interval{-0.05, -0.0125},
             .test = {.p = 0.012, .exact = true, .ways = 20, .smallest_p = 0.1},
             .p_adjusted = 0.024,
             .is_shown = true,
             .smallest_difference = 0.0123};
  }

  static CellResult result(size_t cell, const std::vector<double>& accuracies) {
    CellResult result{.cell = cell};
    result.runs.resize(accuracies.size());
    result.test_acc = summarize_sample(accuracies);
    return result;
  }
  std::string sentence() const { return pair_sentence(comparison_, pair_); }

  Comparison comparison_;
  PairResult pair_;
};

TEST_F(Answer, TheBetterOneComesFirst) {
  EXPECT_EQ(
      sentence(),
      "stride is better than pool by 3.33 points: 94.33 ± 1.53 against 91.00 ± 1.00 (3 seeds; "
      "95% interval +1.25 to +5.00, p = 0.012, 0.024 after Holm).");
}

TEST_F(Answer, NoWinnerWhereNoneIsShown) {
  pair_.is_shown = false;
  pair_.pair.equal = "parameters";
  EXPECT_EQ(
      sentence(),
      "no difference shown between pool and stride (equal parameters): 91.00 ± 1.00 against "
      "94.33 ± 1.53, -3.33 points (95% interval -5.00 to -1.25, p = 0.012, 0.024 after Holm); "
      "the smallest difference that 3 seeds can show is 1.23 points.");
  EXPECT_THAT(sentence(), Not(HasSubstr("better")));
}

TEST_F(Answer, SaysWhenNothingCouldBeShown) {
  pair_.is_shown = false;
  pair_.smallest_difference.reset();
  EXPECT_THAT(sentence(), HasSubstr("3 seeds cannot show any: the smallest p they can give is 0.1, "
                                    "and 0.05 is needed."));
}

TEST_F(Answer, PointsAndMissingRuns) {
  comparison_.experiment.cells[0].point = {{"data.limit", "5000"}};
  pair_.is_tested = false;
  pair_.reason = "2 runs are missing";
  EXPECT_EQ(sentence(), "pool and stride at data.limit 5000 were not tested: 2 runs are missing.");
}

TEST_F(Answer, LinesBeginWithThePairsAndNameWhatWentWrong) {
  comparison_.pairs = {pair_};
  comparison_.runs_planned = 8;
  comparison_.cells[1].restarts = 3;
  comparison_.cells[1].given_up.resize(1);
  const std::vector<std::string> lines = answer_lines(comparison_);
  EXPECT_EQ(lines, (std::vector<std::string>{
                       sentence(), "6 of 8 runs are complete: numbers below are of these",
                       "stride: 3 restarts of nets that were stuck at chance or diverged",
                       "stride: 1 of 4 seeds never trained; its numbers are of the others",
                       "test: permutation, unpaired (test.method is unpaired), exact"}));
}

TEST_F(Answer, TableAlignsItsColumns) {
  const std::string table = results_table(comparison_);
  EXPECT_THAT(table, HasSubstr("net     seeds"));
  EXPECT_THAT(table, HasSubstr("\npool        3  91.00 ± 1.00"));
  EXPECT_THAT(table, HasSubstr("\nstride      3  94.33 ± 1.53"));
}

}  // namespace
}  // namespace weir
