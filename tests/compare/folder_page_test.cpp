// report.html: made with the other files, and made again from them alone.
#include "compare/report/folder_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compare/report/comparison_json.h"
#include "compare/report/filters_file.h"
#include "compare/report/report_files.h"
#include "compare/report/report_page.h"
#include "datasets/normalize.h"
#include "layers/init.h"
#include "tests/compare/made_up_run.h"
#include "tests/compare/plan_folder.h"
#include "tests/support/message_of.h"
#include "train/checkpoint/named_tensors.h"
#include "train/checkpoint/weights_file.h"
#include "train/trainer/network.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;

class FolderPageTest : public PlanFolder {
 protected:
  // Two nets with a seed each.
  Experiment with_runs() {
    Experiment found = experiment(std::string(kTwoVariants) + "seeds: 1\n");
    for (const PlannedRun& run : planned_runs(found, {})) write_made_up_run(run, {});
    return found;
  }
  // What a page was given.
  static Json data_of(const std::string& page) {
    const std::string_view begin = R"(<script type="application/json" id="data">)";
    const size_t at = page.find(begin) + begin.size();
    return Json::parse(page.substr(at, page.find("</script>", at) - at));
  }
};

std::string message_of_page(const fs::path& folder) {
  return testing::message_of([&] { folder_page(folder); }, ErrorKind::kData);
}

TEST_F(FolderPageTest, APageIsMadeWithTheOtherFilesAndAgainFromThem) {
  const Experiment plan = with_runs();
  write_report(read_comparison(plan));
  const std::string page = read_file(plan.folder / kPageFile);
  EXPECT_EQ(folder_page(plan.folder), page);
  EXPECT_EQ(data_of(page), Json::parse(read_file(plan.folder / kComparisonFile)));
  EXPECT_EQ(data_of(page)["compare"], "trial");
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST_F(FolderPageTest, NoNameEndsTheBlockOfItsData) {
  const Json hostile{{"compare", "</script><img src=x onerror=alert(1)><!--"}};
  const std::string page = report_page(hostile);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr(R"(\u003c/script>\u003cimg src=x)"));
  EXPECT_EQ(data_of(page), hostile);
}

TEST_F(FolderPageTest, NamesNeedNotBeUtf8) {
  const std::string page = report_page(Json{{"compare", "caf\xE9"}});
  EXPECT_EQ(data_of(page)["compare"], "caf\xEF\xBF\xBD");
}

TEST_F(FolderPageTest, ARunHasAPageToo) {
  const Experiment plan = with_runs();
  const fs::path run = planned_runs(plan, {}).front().attempt_folder(0);
  const Json data = data_of(folder_page(run));
  EXPECT_EQ(data["is_run"], true);
  EXPECT_EQ(data["answer"],
            (Json{"test accuracy 50.00%, validation accuracy 60.00%, with the weights of epoch 2 "
                  "of 2"}));
  EXPECT_EQ(data["pairs"], Json::array());
  ASSERT_EQ(data["cells"].size(), 1u);
  EXPECT_EQ(data["cells"][0]["test_acc"]["mean"], 0.5);
  EXPECT_EQ(data["cells"][0]["img_per_s"]["mean"], 120);
  EXPECT_EQ(data["cells"][0]["runs"][0]["confusion"], (Json{{1, 1}, {0, 1}}));
}

TEST_F(FolderPageTest, WhatHasNoPageIsSaid) {
  const Experiment plan = with_runs();
  write_report(read_comparison(plan));
  const fs::path out = plan.folder.parent_path();
  EXPECT_THAT(message_of_page(out), HasSubstr("expected the folder of a comparison, with "
                                              "compare.json, or of a complete run, with "
                                              "result.json; in it there are: " +
                                              plan.folder.string()));
  const fs::path run = planned_runs(plan, {}).front().attempt_folder(0);
  fs::remove(run / kResultFile);
  EXPECT_THAT(message_of_page(run), HasSubstr("go on with:  weir train --resume"));
}

TEST_F(FolderPageTest, ADamagedComparisonIsNamed) {
  const auto message = [&](std::string_view text) {
    write("there/compare.json", text);
    return message_of_page(folder_ / "there");
  };
  EXPECT_THAT(message("{\"schema\": 1, \"cells\": ["), HasSubstr("there/compare.json is damaged"));
  EXPECT_THAT(message("[]"), HasSubstr("was not written by weir compare"));
  EXPECT_THAT(message("{\"schema\": 2}"), HasSubstr("has schema 2, and this weir reads schema 1"));
  EXPECT_THAT(message("{\"schema\": 1, \"compare\": \"x\", \"answer\": [], \"pairs\": []}"),
              HasSubstr("expected compare, answer, pairs and cells"));
  EXPECT_THAT(message(std::string(100'000, '[')), HasSubstr("more than 32 levels"));
}

// Weights of this run's net, as training writes them.
void write_weights(const PlannedRun& run) {
  const std::unique_ptr<Sequential> net = build_network(run.config, 3, 32, 32, 10);
  initialize(*net, {.method = "kaiming_normal", .seed = run.seed});
  Images pictures{.channels = 3, .height = 32, .width = 32};
  pictures.pixels.assign(3 * 32 * 32, 7);
  pictures.labels = {0};
  const ModelCard card{.config = to_yaml(run.config),
                       .classes = std::vector<std::string>(10, "class"),
                       .normalizer = Normalizer::fit(pictures, {.method = "none"})};
  make_folder(run.attempt_folder(0) / "weights");
  write_safetensors(run.attempt_folder(0) / "weights" / "best.safetensors",
                    weights_content(card, network_tensors(*net), 1));
}

TEST_F(FolderPageTest, FiltersOutliveTheWeights) {
  const Experiment plan = with_runs();
  const std::vector<PlannedRun> runs = planned_runs(plan, {});
  for (const PlannedRun& run : runs) write_weights(run);
  write_report(read_comparison(plan));
  const Json first = comparison_json(read_comparison(plan))["cells"];
  EXPECT_TRUE(first[0]["filters"].is_null());  // it pools
  EXPECT_EQ(first[1]["filters"]["run"], "stride/seed1/0001");
  ASSERT_EQ(first[1]["filters"]["layers"].size(), 3u);
  const Json& layer = first[1]["filters"]["layers"][2];
  EXPECT_EQ(layer["kernel"], (Json{3, 3}));
  EXPECT_EQ(layer["stride"], (Json{2, 2}));
  EXPECT_EQ(layer["all"]["count"], 32 * 32);
  EXPECT_EQ(layer["same_channel"]["count"], 32);
  EXPECT_EQ(layer["examples"].size(), 12u);
  for (const PlannedRun& run : runs) fs::remove_all(run.attempt_folder(0) / "weights");
  EXPECT_EQ(comparison_json(read_comparison(plan))["cells"], first);
  const fs::path file = runs[1].attempt_folder(0) / kFiltersFile;
  write_file_atomic(file, "{}");
  EXPECT_THAT(testing::message_of([&] { read_comparison(plan); }, ErrorKind::kData),
              HasSubstr(file.string() + " is damaged"));
}

}  // namespace
}  // namespace weir
