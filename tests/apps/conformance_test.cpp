// weir conformance, as people and scripts call it.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kCases = std::string(WEIR_SOURCE_DIR) + "/conformance/cases";

TEST(Conformance, ATableOfOperators) {
  const CommandResult result =
      run_weir({"conformance", kCases, "--op", "max_unpool2d,pixel_unshuffle"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("max_unpool2d"), HasSubstr("pixel_unshuffle"),
                                HasSubstr(" 0 failed")));
}

TEST(Conformance, OneCaseOnOneInstructionSetAsJson) {
  const CommandResult result = run_weir({"conformance", "--json", "--case", "max_pool2d/0003",
                                         "--isa", "scalar", "--kernel", "simd", kCases});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const nlohmann::json report = nlohmann::json::parse(line);
  EXPECT_EQ(report["op"], "max_pool2d");
  EXPECT_EQ(report["cases"], 1);
  EXPECT_EQ(report["runs"], 2);  // fp32 and bf16
  EXPECT_EQ(report["failures"].size(), 0u);
}

TEST(Conformance, ListsOperatorsAndCases) {
  EXPECT_THAT(run_weir({"conformance", kCases, "--list"}).out,
              AllOf(HasSubstr("max_pool2d"), HasSubstr("stochastic_pool2d")));
  EXPECT_THAT(run_weir({"conformance", kCases, "--list", "--op", "max_pool2d"}).out,
              AllOf(HasSubstr("max_pool2d/0001"), HasSubstr("(33, 1, 4, 4) to (33, 1, 2, 2)")));
}

TEST(Conformance, ListsWhatWouldRun) {
  const CommandResult one =
      run_weir({"conformance", kCases, "--list", "--json", "--case", "max_pool2d/0003"});
  const nlohmann::json line = nlohmann::json::parse(one.out);  // throws for more than one line
  EXPECT_EQ(line["event"], "case");
  EXPECT_EQ(line["id"], "max_pool2d/0003");
  EXPECT_EQ(run_weir({"conformance", kCases, "--list", "--case", "max_pool2d/9999"}).exit_code, 2);
  EXPECT_EQ(run_weir({"conformance", kCases, "--list", "--isa", "scalar"}).exit_code, 2);
}

TEST(Conformance, UnknownOperators) {
  const CommandResult result = run_weir({"conformance", kCases, "--op", "max_pol2d"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean 'max_pool2d'?"));
  EXPECT_EQ(run_weir({"conformance", "/nowhere"}).exit_code, 3);
}

}  // namespace
}  // namespace weir::testing
