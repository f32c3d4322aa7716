// Reading cases, and what is said about files that hold none.
#include "conformance/case_files.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/tiny_cases.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::case_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kTinyCase;
using testing::message_of;
using testing::with;

std::string refusal_of(const std::string& lines) {
  const std::filesystem::path folder = case_folder(lines);
  return message_of([&] { read_cases(folder, "avg_pool2d"); }, ErrorKind::kData);
}

TEST(ConformanceFiles, AllOfACase) {
  const std::string text = with(with(kTinyCase, "[1,2,3,4]", R"([1,"NaN","-Infinity",-0.0])"),
                                "[2,2,2,2]", "[2,null,2,2]");
  const std::vector<ConformanceCase> cases =
      read_cases(case_folder(text + "\n\n" + text), "avg_pool2d");
  ASSERT_EQ(cases.size(), 2u);
  const ConformanceCase& c = cases[1];
  EXPECT_EQ(c.id, "avg_pool2d/0001");
  EXPECT_EQ(c.layer.kind, "avg_pool2d");
  EXPECT_THAT(c.layer.args.at("kernel_size").items, ElementsAre("2", "2"));
  EXPECT_EQ(c.layer.args.at("count_include_pad").text, "true");
  EXPECT_TRUE(c.training);
  EXPECT_THAT(c.input.shape, ElementsAre(1, 1, 2, 2));
  EXPECT_TRUE(std::isnan(c.input.values[1]));
  EXPECT_EQ(c.input.values[2], -INFINITY);
  EXPECT_TRUE(std::signbit(c.input.values[3]));
  EXPECT_TRUE(c.output.tolerance.exact());
  EXPECT_THAT(c.input_gradient.undefined, ElementsAre(1));
  EXPECT_EQ(c.input_gradient.tolerance.absolute(DType::kF32), 0x1p-21);
}

TEST(ConformanceFiles, WrongCasesNameFileAndLine) {
  EXPECT_THAT(refusal_of(kTinyCase + "\n{"), HasSubstr("avg_pool2d.jsonl.gz:2: not a conformance"));
  EXPECT_THAT(refusal_of(with(kTinyCase, "[1,2,3,4]", "[1,2,3]")),
              HasSubstr("for each element of the shape, found 3"));
  EXPECT_THAT(refusal_of(with(kTinyCase, "[1,2,3,4]", R"([1,2,3,"four"])")), HasSubstr("'four'"));
  EXPECT_THAT(refusal_of(with(kTinyCase, R"("source":"hand",)", "")), HasSubstr("source"));
  EXPECT_THAT(refusal_of(with(kTinyCase, R"("roundings":4)", R"("roundings":0)")),
              HasSubstr("roundings"));
  EXPECT_THAT(refusal_of(with(kTinyCase, R"([1,1,1,1],"data":[8])", R"([1],"data":[8])")),
              HasSubstr("shapes"));
}

TEST(ConformanceFiles, FoldersWithoutCases) {
  const std::string nowhere = ::testing::TempDir() + "no_such_folder";
  EXPECT_THAT(message_of([&] { operators_in(nowhere); }, ErrorKind::kData), HasSubstr(nowhere));
  const std::filesystem::path folder = case_folder(kTinyCase);
  EXPECT_THAT(operators_in(folder), ElementsAre("avg_pool2d"));
  EXPECT_THAT(message_of([&] { read_cases(folder, "max_pool2d"); }, ErrorKind::kData),
              HasSubstr("max_pool2d.jsonl.gz"));
}

// The suite itself: complete in itself, as many cases as promised, and each named once.
TEST(ConformanceFiles, TheSuite) {
  const std::filesystem::path folder = std::string(WEIR_SOURCE_DIR) + "/conformance/cases";
  size_t count = 0;
  for (const std::string& op : operators_in(folder)) {
    int number = 0;
    for (const ConformanceCase& c : read_cases(folder, op)) {
      EXPECT_EQ(c.id, fmt::format("{}/{:04}", op, ++number));
      EXPECT_EQ(c.layer.kind, op);
    }
    count += static_cast<size_t>(number);
  }
  EXPECT_GE(count, 2000u);
}

}  // namespace
}  // namespace weir
