#include "explain/report/explanation_files.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/explain/made_model.h"
#include "tests/train/tiny_run.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const ExplanationNames kNames{.method = "cam", .classes = {"cat", "a/b, c"}};

ExplainedPicture explained(const std::string& name, int label, std::optional<int> truth) {
  return {.seen = {.name = name,
                   .shown = Picture(20, 10, 3, 60),
                   .input = Picture(4, 4, 3, 60),
                   .label = truth,
                   .probabilities = {0.25f, 0.75f}},
          .explained = label,
          .explanation = {.map = {.height = 2, .width = 3, .values = {0.1f, -2, 3, 4, 1e-9f, 6}},
                          .pattern = {}}};
}

TEST(ExplanationFiles, MapsAreReadBackExactly) {
  EXPECT_EQ(map_csv(explained("x", 0, {}).explanation.map), "0.1,-2,3\n4,1e-09,6\n");
}

TEST(ExplanationFiles, AFigureAMapASheetAndATable) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "new" / "folder";
  ExplainedPicture deconv = explained("photos/cat.png", 0, 1);
  deconv.explanation.pattern = std::vector<float>(18, 0.5f);
  const WrittenExplanations files = write_explanations(
      out, {deconv, explained("other/cat.jpg", 0, {}), explained("test 7", 1, 0)}, kNames);
  ASSERT_THAT(files.each, SizeIs(3));
  EXPECT_EQ(files.each[0].figure, "cat-cam-cat.png");
  EXPECT_EQ(files.each[1].figure, "cat-cam-cat-2.png");
  EXPECT_EQ(files.each[2].map, "test_7-cam-a_b__c.csv");
  EXPECT_THAT(files.sheets, ElementsAre("sheet-cam.png"));
  for (const WrittenExplanation& one : files.each) {
    EXPECT_THAT(read_file(out / one.figure), StartsWith("\x89PNG"));
    EXPECT_THAT(read_file(out / one.map), StartsWith("0.1,-2,3\n"));
  }
  EXPECT_EQ(read_file(out / "cat-cam-cat-pattern.csv").substr(0, 12), "0.5,0.5,0.5\n");
  EXPECT_FALSE(fs::exists(out / "test_7-cam-a_b__c-pattern.csv"));
  const std::string table = read_file(out / files.table);
  EXPECT_THAT(table, StartsWith("picture,true,predicted,probability,class,class_probability,lowest,"
                                "highest,height,width,figure,map\n"));
  EXPECT_THAT(table, AllOf(HasSubstr("\nphotos/cat.png,\"a/b, c\",\"a/b, c\",0.750000,cat,0.250000,"
                                     "-2,6,2,3,cat-cam-cat.png,cat-cam-cat.csv\n"),
                           HasSubstr("\nother/cat.jpg,,\"a/b, c\",0.750000,cat,")));
}

TEST(ExplanationFiles, MoreThanASheetHolds) {
  const TemporaryFolder folder;
  std::vector<ExplainedPicture> many(33, explained("x.png", 0, {}));
  const WrittenExplanations files = write_explanations(folder.path(), many, kNames);
  EXPECT_THAT(files.sheets, ElementsAre("sheet-cam.png", "sheet-cam-2.png"));
  EXPECT_EQ(files.each[32].figure, "x-cam-cat-33.png");
}

TEST(ExplanationFiles, PredictionsInWords) {
  EXPECT_EQ(prediction_text(explained("x", 0, {}).seen, kNames.classes), "a/b, c 75.0%");
  EXPECT_EQ(prediction_text(explained("x", 0, 0).seen, kNames.classes), "a/b, c 75.0%, true cat");
}

// Pictures of any size go through the network's own, and come back as they were.
TEST(ExplainPictures, SmallAndLargePicturesWithTheirClasses) {
  Sequential net{Conv2d{3, 4, {.kernel_size = 3}}, ReLU{}, AdaptiveAvgPool2d{1}, Flatten{},
                 Linear{4, 3}};
  fill_parameters(net, 160);
  TrainedModel model = made_model(std::move(net), {"a", "b", "c"}, 8, 6);
  std::vector<SeenPicture> pictures{see_picture(model, "same", Picture(6, 8, 3, 50), 2),
                                    see_picture(model, "large", Picture(1024, 256, 3, 50))};
  EXPECT_EQ(pictures[0].shown.width, 6);
  EXPECT_EQ(pictures[1].shown.width, 512);
  EXPECT_EQ(pictures[1].shown.height, 128);
  EXPECT_EQ(pictures[1].input.width, 6);
  EXPECT_EQ(pictures[1].input.height, 8);
  look_at(model, pictures);
  // Both are one grey area: resizing does not change it.
  EXPECT_EQ(pictures[0].probabilities, pictures[1].probabilities);
  const std::vector<ExplainedPicture> found = explain_pictures(
      model, pictures, {.kind = ClassChoice::Kind::kTop, .value = 2}, {.method = "cam"});
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[0].explained, pictures[0].predicted());
  EXPECT_NE(found[1].explained, found[0].explained);
  EXPECT_EQ(found[2].seen.name, "large");
  EXPECT_EQ(found[1].explanation.map,
            explain(model, inputs_of({pictures[0]}), std::vector<int>{found[1].explained},
                    {.method = "cam"})
                .front()
                .map);
}

}  // namespace
}  // namespace weir::testing
