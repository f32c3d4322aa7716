// weir pool, as people who learn and scripts call it. The numbers are worked out by hand.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

// The events of a run that succeeds, in order.
std::vector<Json> events_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "pool");
  arguments.push_back("--json");
  const CommandResult result = run_weir(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::vector<Json> events;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) events.push_back(Json::parse(line));
  return events;
}

Json result_of(const std::vector<std::string>& arguments) {
  const std::vector<Json> events = events_of(arguments);
  return events.empty() ? Json() : events.back();
}

TEST(PoolCommand, EveryWindowOfTheMaximum) {
  const CommandResult result = run_weir({"pool", "max", "--grid", "4x4"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("floor((4 + 2*0 - 1*(2-1) - 1) / 2) + 1 = 2"),
                                HasSubstr("Window 1 of 4: output (0, 0)"),
                                HasSubstr("  [1][3] 2  4       6  ?\n  [5][6] 1  2       ?  ?\n"),
                                HasSubstr("max(1, 3, 5, 6) = 6 at (1, 1)"),
                                HasSubstr("max(7, 2, 4, 8) = 8 at (3, 1)"),
                                HasSubstr("   5  6  1  2       8  6\n   7  2 [3][1]\n"),
                                Not(HasSubstr("Backward")), Not(HasSubstr("\x1b["))));
}

TEST(PoolCommand, TheAverageSplitsItsGradient) {
  const CommandResult result = run_weir({"pool", "avg_pool", "--backward"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("(1 + 3 + 5 + 6) / 4 = 3.75"),
                                HasSubstr("1 / 4 = 0.25 to each of 4 inputs"),
                                HasSubstr("0 of 16 inputs get nothing")));
}

TEST(PoolCommand, WordsFollowTheArguments) {
  const auto says = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "pool");
    return run_weir(arguments).out;
  };
  EXPECT_THAT(says({"lp_mean", "--grid", "-1 2; 3 4", "--set", "norm_type=3"}),
              HasSubstr("((|-1|^3 + 2^3 + 3^3 + 4^3) / 4)^(1/3)"));
  EXPECT_THAT(
      says({"lp_mean", "--grid", "-1 2; 3 4", "--set", "norm_type=3", "--set", "abs=false"}),
      HasSubstr("(((-1)^3 + 2^3 + 3^3 + 4^3) / 4)^(1/3)"));
  EXPECT_THAT(says({"avg", "-p", "1", "--set", "divisor_override=3"}),
              AllOf(HasSubstr("(1) / 3 = 0.33333"), HasSubstr("the divisor is the one that was")));
  EXPECT_THAT(says({"random_mixed", "-k", "1", "--grid", "5", "--seed", "1"}),
              HasSubstr("the only input, whatever the coin says: max(5) = 5"));
}

TEST(PoolCommand, TheMaximumRoutesItsGradient) {
  const Json result = result_of({"max_pool2d", "--dy", "1 2; 3 4"});
  EXPECT_EQ(result["output"], Json::parse("[[6, 4], [8, 6]]"));
  EXPECT_EQ(result["input_gradient"],
            Json::parse("[[0, 0, 0, 2], [0, 1, 0, 0], [0, 0, 0, 0], [0, 3, 0, 4]]"));
  EXPECT_EQ(result["zero_gradients"], 12);
  EXPECT_THAT(run_weir({"pool", "max", "--backward"}).out, HasSubstr("all of 1 to (1, 1)"));
}

TEST(PoolCommand, OverlappingWindowsAddUp) {
  // 9 in the middle wins all four windows.
  const CommandResult result =
      run_weir({"pool", "max", "--grid", "1 2 3; 4 9 5; 6 7 8", "-s", "1", "--backward"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("adds up: (1, 1) 3 + 1 = 4"),
                                HasSubstr("8 of 9 inputs get nothing")));
}

TEST(PoolCommand, PaddingAndOverhangAreDrawn) {
  const CommandResult result = run_weir({"pool", "avg", "--grid", "1 1 1 1 1 1", "-k", "1x3", "-s",
                                         "1x2", "-p", "0x1", "--ceil", "--backward"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ceil((6 + 2*1 - 1*(3-1) - 1) / 2) + 1 = 4"),
                                HasSubstr("[·][1][1]"), HasSubstr("(1 + 1) / 3 = 0.66667"),
                                HasSubstr("[1][·][·]"), HasSubstr("(1) / 2 = 0.5")));
}

TEST(PoolCommand, BuiltInGrids) {
  // 7 to 3 leaves out the last row and column; with --ceil the 9 in the last row is found.
  EXPECT_EQ(result_of({"max", "--grid", "7x7"})["output"].size(), 3u);
  EXPECT_EQ(result_of({"max", "--grid", "7x7", "--ceil"})["output"][3][2], 9);
  EXPECT_EQ(result_of({"max", "--grid", "6x6", "-k", "3", "-s", "2"})["output"],
            Json::parse("[[9, 9], [9, 9]]"));
}

TEST(PoolCommand, AdaptiveCellsOverlap) {
  const std::vector<Json> events =
      events_of({"adaptive_avg_pool2d", "--grid", "7x7", "--set", "output_size=3x2"});
  ASSERT_EQ(events.size(), 8u);
  EXPECT_EQ(events[0]["rows"], "floor(i*7/3) to ceil((i+1)*7/3) - 1: 0-2, 2-4, 4-6");
  EXPECT_EQ(events[2]["columns"], Json::parse("[3, 4, 5, 6]"));
}

TEST(PoolCommand, DrawnWindowsHoldTheMaximaTheyGive) {
  for (const char* seed : {"1", "2", "3"}) {
    const std::vector<Json> events =
        events_of({"fractional_max", "--grid", "7x7", "--set", "output_size=5", "--seed", seed});
    ASSERT_EQ(events.size(), 27u);
    for (size_t i = 1; i + 1 < events.size(); ++i) {
      double most = 0;
      for (const int y : events[i]["rows"]) {
        for (const int x : events[i]["columns"]) {
          most = std::max(most, events[0]["input"][y][x].get<double>());
        }
      }
      EXPECT_EQ(events[i]["value"], most) << events[i];
    }
  }
}

// Every word walks, and what its windows send is what the layer's gradient is.
TEST(PoolCommand, EveryWordOfTheFamily) {
  const CommandResult unknown = run_weir({"pool", "gold_pool"});
  const std::string list = unknown.err.substr(unknown.err.find("there are: ") + 11);
  std::istringstream words(list);
  int count = 0;
  for (std::string word; words >> word; ++count) {
    if (word.back() == ',') word.pop_back();
    std::vector<std::string> arguments = {word, "--grid", "6x6", "--backward"};
    if (word.starts_with("adaptive") || word.starts_with("fractional")) {
      arguments.insert(arguments.end(), {"--set", "output_size=4"});
    }
    const std::vector<Json> events = events_of(arguments);
    ASSERT_GT(events.size(), 2u) << word;
    double sent = 0, received = 0;
    for (const Json& event : events) {
      if (!event.contains("sent")) continue;
      for (const Json& part : event["sent"]) sent += part[2].get<double>();
    }
    for (const Json& row : events.back()["input_gradient"]) {
      for (const Json& value : row) received += value.get<double>();
    }
    EXPECT_NEAR(sent, received, 1e-4) << word;  // sums of at most 36 * 9 floats below 2
    EXPECT_GT(received, 0) << word;
  }
  EXPECT_GE(count, 18);
}

TEST(PoolCommand, ShellsCompleteTheWords) {
  EXPECT_EQ(run_weir({"__complete", "weir pool", "soft"}).out, "soft_pool2d\n");
}

TEST(PoolCommand, RowsMayBeLongerThanTheNameOfAFile) {
  std::string row = "1.2345678";
  for (int i = 1; i < 32; ++i) row += " 1.2345678";
  std::string rows = row;
  for (int i = 1; i < 32; ++i) rows += ";" + row;
  EXPECT_EQ(result_of({"max", "--grid", rows, "-k", "16"})["output"].size(), 2u);
  EXPECT_THAT(run_weir({"pool", "max", "--grid", rows + ";" + row}).err, HasSubstr("found 33x32"));
}

TEST(PoolCommand, GridsFromFiles) {
  const TempFolder folder;
  const std::string file = folder.write("grid.txt", "1, 2\n-3, nan\n\n");
  const CommandResult result = run_weir({"pool", "max", "--grid", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("max(1, 2, -3, nan) = nan at (1, 1)"));
}

TEST(PoolCommand, StepsWaitForAPersonOnly) {
  EXPECT_THAT(run_weir({"pool", "max", "--step"}).out, HasSubstr("Window 4 of 4"));
  // `script` gives it a terminal: Enter, then q.
  const CommandResult result =
      run_program({"bash", "-c",
                   "(sleep 1; printf '\\nq\\n'; sleep 1) | script -qec '" WEIR_BINARY
                   " pool max --step' /dev/null"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("Enter: next, q: quit"), HasSubstr("Window 1 of 4"),
                                Not(HasSubstr("Window 2 of 4"))));
}

struct BadPool {
  std::vector<std::string> arguments;
  std::string says;
};
void PrintTo(const BadPool& bad, std::ostream* out) { *out << bad.says; }

class BadPoolTest : public ::testing::TestWithParam<BadPool> {};

TEST_P(BadPoolTest, IsExitCodeTwoWithTheNumbers) {
  std::vector<std::string> arguments = GetParam().arguments;
  arguments.insert(arguments.begin(), "pool");
  const CommandResult result = run_weir(arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(StartsWith("error: "), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    PoolCommand, BadPoolTest,
    ::testing::Values(
        BadPool{{"max_pol"}, "unknown pooling 'max_pol'; did you mean 'max_pool'?"},
        BadPool{{"conv2d"}, "unknown pooling 'conv2d'"},
        BadPool{{"spatial_pyramid_pool2d"}, "adaptive_max_pool2d once for each level"},
        BadPool{{"max", "--grid", "1 2; 3"}, "row 2 has 1 numbers, the rows above have 2"},
        BadPool{{"max", "--grid", "1 2; 3 x"}, "found 'x'"},
        BadPool{{"max", "--grid", "4x5"}, "found '4x5'; did you mean '4x4'?"},
        BadPool{{"max", "--grid", ";"}, "found none"},
        BadPool{{"max", "-k", "5"}, "floor((4 + 2*0 - 1*(5-1) - 1) / 5) + 1 = 0"},
        BadPool{{"max", "-p", "2"}, "padding"}, BadPool{{"max", "-k", "two"}, "two"},
        BadPool{{"max", "--set", "norm_type=3"}, "norm_type"},
        BadPool{{"lp", "--set", "norm_type=0"}, "lp_pool2d: p must be a number above 0, got 0"},
        BadPool{{"lp", "--set", "norm_tipe=3"}, "did you mean 'norm_type'?"},
        BadPool{{"max", "--set", "stride"}, "expected KEY=VALUE"},
        BadPool{{"avg", "--dilation", "2"}, "dilation"},
        BadPool{{"max", "--dy", "1 2"}, "expected 2 rows of 2 numbers"}));

TEST(PoolCommand, WritesThePlayground) {
  const std::string file = ::testing::TempDir() + "weir_playground.html";
  const CommandResult result = run_weir({"pool", "--page", file});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, file + " written; open it in a browser\n");
  EXPECT_TRUE(read_file(file) == read_file(WEIR_SOURCE_DIR "/web/dist/playground.html"));
  std::filesystem::remove(file);
}

TEST(PoolCommand, WithoutAnOperatorNamesThem) {
  const CommandResult result = run_weir({"pool"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("expected an operator such as max, or --page FILE"),
                                HasSubstr("max_pool2d")));
}

TEST(PoolCommand, APageThatCannotBeWritten) {
  EXPECT_EQ(run_weir({"pool", "max", "--page", "never-written.html"}).exit_code, 2);
  EXPECT_EQ(run_weir({"pool", "--backward", "--page", "never-written.html"}).exit_code, 2);
  const CommandResult result = run_weir({"pool", "--page", "/nowhere/page.html"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("/nowhere/page.html"));
}

}  // namespace
}  // namespace weir::testing
