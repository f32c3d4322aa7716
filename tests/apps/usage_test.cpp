// The contract of the command line itself: help, exit codes, streams, suggestions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Usage, AloneShowsHelpWithExamples) {
  const CommandResult result = run_weir({});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("weir train "));
  for (const char* command :
       {"train", "eval", "predict", "explain", "localize", "compare", "report", "diagnose",
        "summary", "pool", "data", "config", "env", "completion"}) {
    EXPECT_THAT(result.out, HasSubstr(std::string("\n  ") + command + " ")) << command;
  }
  EXPECT_THAT(result.out, Not(HasSubstr("__complete")));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Usage, VersionIsOneLine) {
  const CommandResult result = run_weir({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("weir "));
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
}

TEST(Usage, EveryCommandHasHelp) {
  const std::vector<std::vector<std::string>> commands = {{"train"},
                                                          {"eval"},
                                                          {"predict"},
                                                          {"explain"},
                                                          {"localize"},
                                                          {"compare"},
                                                          {"report"},
                                                          {"diagnose"},
                                                          {"summary"},
                                                          {"pool"},
                                                          {"data", "list"},
                                                          {"data", "info"},
                                                          {"data", "verify"},
                                                          {"data", "sheet"},
                                                          {"data", "export"},
                                                          {"data", "get"},
                                                          {"config", "show"},
                                                          {"config", "validate"},
                                                          {"config", "keys"},
                                                          {"config", "schema"},
                                                          {"config", "diff"},
                                                          {"env"},
                                                          {"completion", "bash"}};
  for (std::vector<std::string> words : commands) {
    words.push_back("--help");
    const CommandResult result = run_weir(words);
    EXPECT_EQ(result.exit_code, 0) << words[0];
    EXPECT_THAT(result.out, HasSubstr("Usage: weir " + words[0]));
    EXPECT_THAT(result.err, IsEmpty());
  }
}

struct WrongUsage {
  std::vector<std::string> arguments;
  std::string says;
};
void PrintTo(const WrongUsage& usage, std::ostream* out) { *out << usage.says; }

class WrongUsageTest : public ::testing::TestWithParam<WrongUsage> {};

TEST_P(WrongUsageTest, IsExitCodeTwoWithAHint) {
  const CommandResult result = run_weir(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, StartsWith("error: "));
  EXPECT_THAT(result.err, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Usage, WrongUsageTest,
    ::testing::Values(
        WrongUsage{{"trian"}, "unknown command 'trian'; did you mean 'train'?"},
        WrongUsage{{"data", "lsit"}, "unknown command 'lsit'; did you mean 'list'?"},
        WrongUsage{{"gnuplot"}, "there are: train, eval"},
        WrongUsage{{"env", "--jsno"}, "unknown option '--jsno'; did you mean '--json'?"},
        // The value of a mistyped option is not blamed.
        WrongUsage{{"train", "--seeed", "3"}, "unknown option '--seeed'; did you mean '--seed'?"},
        WrongUsage{{"env", "here"}, "unexpected argument 'here'"},
        WrongUsage{{"env", "--color", "blue"}, "expected one of auto, always, never, found 'blue'"},
        WrongUsage{{"env", "--threads", "0"}, "--threads"},
        WrongUsage{{"env", "--threads", "two"}, "--threads"}));

TEST(Usage, ErrorsAreEventsWithJson) {
  const CommandResult result = run_weir({"env", "--json", "--colour", "always"});
  EXPECT_EQ(result.exit_code, 2);
  const auto event = nlohmann::json::parse(result.out);
  EXPECT_EQ(event["event"], "error");
  EXPECT_EQ(event["exit_code"], 2);
  EXPECT_THAT(event["message"], HasSubstr("did you mean '--color'?"));
  EXPECT_THAT(result.err, StartsWith("error: "));
}

TEST(Usage, FullDiskBehindStdoutIsAnError) {
  const CommandResult result = run_program({"bash", "-c", WEIR_BINARY " env > /dev/full"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write to stdout"));
}

TEST(Usage, ColourOnlyWhenAskedForInAPipe) {
  EXPECT_THAT(run_weir({"trian"}).err, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(run_weir({"env", "--color", "always", "x"}).err, Not(HasSubstr("\x1b[0m\x1b[0m")));
}

TEST(Env, SaysWhatIsUsed) {
  const CommandResult result = run_weir({"env", "--json", "--threads", "1"});
  ASSERT_EQ(result.exit_code, 0);
  const auto event = nlohmann::json::parse(result.out);
  EXPECT_EQ(event["event"], "env");
  EXPECT_EQ(event["threads"], 1);
  EXPECT_THAT(event["blas"], HasSubstr("OpenBLAS"));
  EXPECT_THAT(run_weir({"env"}).out, HasSubstr("isa"));
}

TEST(Env, IsaIsForcedByTheEnvironment) {
  const CommandResult result = run_weir({"env", "--json"}, {.environment = {"WEIR_ISA=scalar"}});
  ASSERT_EQ(result.exit_code, 0);
  const auto event = nlohmann::json::parse(result.out);
  EXPECT_EQ(event["isa"], "scalar");
  EXPECT_EQ(event["auto_precision"], "fp32: no bf16 instructions, so fp32 is as fast or faster");
}

}  // namespace
}  // namespace weir::testing
