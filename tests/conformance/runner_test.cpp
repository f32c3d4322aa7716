// The suite must fail where it should.
#include "conformance/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/cpu.h"
#include "tests/conformance/tiny_cases.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using testing::case_folder;
using ::testing::HasSubstr;
using testing::kTinyCase;
using testing::message_of;
using testing::with;

OperatorReport run_with(const ConformanceOptions& options) {
  OperatorReport report;
  run_conformance(options, [&](const OperatorReport& done) { report = done; });
  return report;
}

OperatorReport report_of(const std::string& lines) {
  return run_with({.folder = case_folder(lines)});
}

TEST(ConformanceRunner, RunsEveryInstructionSetInBothPrecisions) {
  const OperatorReport report = report_of(kTinyCase);
  EXPECT_TRUE(report.succeeded());
  EXPECT_EQ(report.passed(), 1);
  // The fast kernel on each instruction set, and the reference.
  EXPECT_EQ(report.runs, 2 * (static_cast<int>(available_isas().size()) + 1));
  // 2^-8 more than bfloat16 holds: fp32 alone. The sum, 10 + 2^-7, is exact in float.
  const OperatorReport fp32 =
      report_of(with(with(kTinyCase, "3,4]", "3,4.0078125]"), "[2.5]", "[2.501953125]"));
  EXPECT_TRUE(fp32.succeeded());
  EXPECT_EQ(2 * fp32.runs, report.runs);
}

TEST(ConformanceRunner, AWrongOutputFailsWithItsWindow) {
  const OperatorReport report = report_of(with(kTinyCase, "[2.5]", "[2.25]") + "\n" + kTinyCase);
  EXPECT_EQ(report.cases, 2);
  EXPECT_EQ(report.failed, 1);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].id, "avg_pool2d/0001");
  EXPECT_THAT(report.failures[0].text,
              HasSubstr("output at (0, 0, 0, 0): expected 2.25, found 2.5; window of rows 0 to 1, "
                        "columns 0 to 1: 1 2 | 3 4"));
}

TEST(ConformanceRunner, AWrongGradientFails) {
  const OperatorReport report = report_of(with(kTinyCase, "[2,2,2,2]", "[2,2,2.125,2]"));
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_THAT(report.failures[0].text,
              AllOf(HasSubstr("gradient of the input at (0, 0, 1, 0): expected 2.125, found 2"),
                    HasSubstr("may differ by 4.77e-07")));
}

TEST(ConformanceRunner, AnotherShapeFails) {
  const std::string two = R"({"shape":[1,1,2,1],"data":[2.5,2.5]})";
  std::string text =
      with(kTinyCase, R"("output":{"shape":[1,1,1,1],"data":[2.5]})", R"("output":)" + two);
  text = with(text, R"({"shape":[1,1,1,1],"data":[8]})", two);
  ASSERT_EQ(report_of(text).failures.size(), 1u);
  EXPECT_THAT(report_of(text).failures[0].text,
              HasSubstr("expected shape (1, 1, 2, 1), found (1, 1, 1, 1)"));
}

TEST(ConformanceRunner, WhatTheLayerRefusesFails) {
  const OperatorReport report = report_of(with(kTinyCase, "[2,2],", R"([2,2],"padding":3,)"));
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_THAT(report.failures[0].text, HasSubstr("padding"));
  const OperatorReport unknown = report_of(with(kTinyCase, "[2,2],", R"([2,2],"sride":2,)"));
  ASSERT_EQ(unknown.failures.size(), 1u);
  EXPECT_THAT(unknown.failures[0].text, HasSubstr("'sride'"));
}

TEST(ConformanceRunner, AnOperatorThatIsNotBuiltFails) {
  const OperatorReport report = run_with({.folder = case_folder(kTinyCase, "spectral_pool2d")});
  EXPECT_FALSE(report.built);
  EXPECT_FALSE(report.succeeded());
  EXPECT_EQ(report.failed, 1);
}

TEST(ConformanceRunner, BadRequests) {
  const std::filesystem::path folder = case_folder(kTinyCase);
  EXPECT_THAT(message_of([&] { run_with({.folder = folder, .operators = {"avg_pol2d"}}); }),
              HasSubstr("did you mean 'avg_pool2d'?"));
  EXPECT_THAT(message_of([&] { run_with({.folder = folder, .id = "avg_pool2d/7"}); }),
              HasSubstr("no conformance case 'avg_pool2d/7'"));
  EXPECT_THAT(message_of([&] { run_with({.folder = folder, .isa = "mmx"}); }), HasSubstr("mmx"));
  EXPECT_THAT(message_of([&] { run_with({.folder = folder, .kernel = "smid"}); }),
              HasSubstr("did you mean 'simd'?"));
}

}  // namespace
}  // namespace weir
