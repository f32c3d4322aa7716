// weir report: pages of comparisons and runs from their files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("base.yaml",
                  "data: {name: synth10, train_size: 120, test_size: 40, batch_size: 20}\n"
                  "model: {name: lenet5}\n"
                  "train: {epochs: 1, fail_if_stuck: {after_epochs: null}}\n"
                  "output: {images: false}\n");
    folder_.write("plan.yaml",
                  "compare: small\nbase: base.yaml\nseeds: 1\nshift_consistency: 0\n"
                  "variants: {model.downsample: [max_pool, strided]}\n");
    const CommandResult result = weir({"compare", "plan.yaml"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  CommandResult weir(const std::vector<std::string>& words) const {
    return run_weir(words, {.folder = folder_.path()});
  }
  std::string read(const std::string& name) const { return read_file(folder_.path() / name); }

  TempFolder folder_;
};

TEST_F(ReportTest, TheSamePageAgainWithoutTheRuns) {
  const std::string page = read("runs/small/report.html");
  EXPECT_THAT(page, HasSubstr(R"("run":"strided/seed1/0001","layers":[{"layer":"features.)"));
  for (const char* part : {"report.html", "max_pool", "strided"}) {
    fs::remove_all(folder_.path() / "runs/small" / part);
  }
  const CommandResult result = weir({"report", "runs/small"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "runs/small/report.html written; open it in a browser\n");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(read("runs/small/report.html"), page);
  ASSERT_EQ(weir({"report", "runs/small", "-o", "page.html"}).exit_code, 0);
  EXPECT_EQ(read("page.html"), page);
}

TEST_F(ReportTest, ManyFoldersAndEvents) {
  const std::string run = "runs/small/strided/seed1/0001";
  const CommandResult result = weir({"report", "runs/small", run, "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string second = result.out.substr(result.out.find('\n') + 1);
  const auto event = nlohmann::json::parse(second);
  EXPECT_EQ(event["event"], "report");
  EXPECT_EQ(event["folder"], run);
  EXPECT_EQ(event["file"], run + "/report.html");
  EXPECT_EQ(event["bytes"], read(run + "/report.html").size());
}

TEST_F(ReportTest, MistakesAreSaidAndNothingIsWritten) {
  const CommandResult none = weir({"report"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("expected the folder of a comparison or a run"));
  const CommandResult missing = weir({"report", "runs/smal"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err,
              HasSubstr("there is no file or folder 'runs/smal'; did you mean 'runs/small'?"));
  const CommandResult file = weir({"report", "plan.yaml"});
  EXPECT_EQ(file.exit_code, 2);
  EXPECT_THAT(file.err, HasSubstr("expected a folder, found the file plan.yaml"));
  const CommandResult two = weir({"report", "runs/small", "runs", "-o", "page.html"});
  EXPECT_EQ(two.exit_code, 2);
  EXPECT_THAT(two.err, HasSubstr("-o takes the page of one folder, found 2 folders"));
  fs::remove(folder_.path() / "runs/small/report.html");
  const CommandResult nothing = weir({"report", "runs/small", "runs"});
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_THAT(nothing.err, HasSubstr("nothing to report in runs: expected the folder of a "));
  EXPECT_THAT(nothing.err, HasSubstr("in it there are: runs/small"));
  EXPECT_FALSE(fs::exists(folder_.path() / "runs/small/report.html"));
}

}  // namespace
}  // namespace weir::testing
