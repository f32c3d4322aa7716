#include "explain/measure/localize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "explain/report/localization_report.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two classes: reddish and greenish. The maps are the red and the green of each pixel less 1/2, so
// that the map of the true class is positive exactly on a pure colour.
TrainedModel colour_model(int side) {
  Sequential net{Conv2d{3, 2, {.kernel_size = 1}}, AdaptiveAvgPool2d{1}, Flatten{}};
  const std::vector<NamedParameter> parameters = net.parameters();
  Variable weight = parameters[0].variable, bias = parameters[1].variable;
  const float weights[] = {1, 0, 0, 0, 1, 0};
  std::copy_n(weights, 6, weight.value().data());
  bias.value().data()[0] = bias.value().data()[1] = -0.75f;
  return made_model(std::move(net), {"red", "green"}, side, side);
}

// Pictures of one colour: 255 in red or green.
Images colours(int count, int side) {
  Images images{.channels = 3, .height = side, .width = side};
  const auto area = static_cast<size_t>(side) * static_cast<size_t>(side);
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < 3; ++c) {
      images.pixels.insert(images.pixels.end(), area, c == i % 2 ? 255 : 0);
    }
    images.labels.push_back(i % 2);
  }
  return images;
}

TEST(Localize, AMapThatSeesTheObjectIsRightAndTheBaselinesAreNot) {
  TrainedModel model = colour_model(8);
  const LocatedPictures pictures = pasted_pictures(colours(50, 8), {.canvas = 24});
  const Localization found = localize(model, "grey 24", pictures, {.method = "cam"});
  EXPECT_EQ(found.pictures, "grey 24");
  EXPECT_EQ(found.accuracy, 1);
  ASSERT_THAT(found.rows, SizeIs(3));
  EXPECT_EQ(found.rows[0].maps, "cam");
  EXPECT_EQ(found.rows[1].maps, "random map");
  EXPECT_EQ(found.rows[2].maps, "centre box");
  const LocalizationScores& cam = found.rows[0].scores;
  EXPECT_EQ(cam.pictures, 40);
  EXPECT_EQ(cam.gt_known, 1);  // the map has the picture's own size
  EXPECT_EQ(cam.max_box_acc_v2, 1);
  EXPECT_EQ(cam.pointing, 1);
  EXPECT_EQ(cam.energy, 1);
  EXPECT_LT(found.rows[1].scores.energy, 0.3);  // 64 of 576 pixels
  EXPECT_LT(found.rows[2].scores.gt_known, 0.7);
  EXPECT_THAT(found.maps, SizeIs(50));
}

// The wrong class's map would be positive nowhere.
TEST(Localize, MapsAreOfTheTrueClassWhateverIsPredicted) {
  TrainedModel model = colour_model(8);
  Images wrong = colours(10, 8);
  for (int& label : wrong.labels) label = 1 - label;
  const Localization found =
      localize(model, "grey", pasted_pictures(wrong, {.canvas = 24}), {.method = "cam"});
  EXPECT_EQ(found.accuracy, 0);
  EXPECT_EQ(found.rows[0].scores.without_box, 8);
}

TEST(Localize, ADenseHeadDoesNotTakeLargerPictures) {
  Sequential net{Conv2d{3, 2, {.kernel_size = 3}}, Flatten{}, Linear{2 * 36, 2}};
  TrainedModel model = made_model(std::move(net), {"red", "green"}, 8, 8);
  const LocatedPictures pictures = pasted_pictures(colours(4, 8), {.canvas = 24});
  EXPECT_THAT(message_of([&] { localize(model, "grey", pictures, {.method = "saliency"}); }),
              HasSubstr("2: expected 72 inputs, got 968"));
  // It takes smaller objects on its own size.
  const LocatedPictures small = pasted_pictures(colours(4, 8), {.canvas = 8, .object = 4});
  EXPECT_EQ(localize(model, "grey", small, {.method = "grad-cam"}).rows.size(), 3u);
}

Localization made_up() {
  LocalizationScores plain{.pictures = 4,
                           .gt_known = 0.25,
                           .max_box_acc_v2 = 0.5,
                           .box_acc = {0.75, 0.5, 0.25},
                           .thresholds = {0.1, 0.2, 0.3},
                           .pointing = 0.625,
                           .energy = 0.375};
  LocalizationScores masked = plain;
  masked.mask_pointing = 0.125;
  masked.mask_energy = 0.0625;
  masked.without_box = 2;
  return {.pictures = "noise, 64",
          .accuracy = 0.875,
          .rows = {{"cam", masked}, {"centre box", plain}},
          .maps = {}};
}

TEST(LocalizationReport, CsvHasARowForEachKindOfMaps) {
  EXPECT_EQ(localization_csv({made_up()}),
            "pictures,maps,count,accuracy,gt_known,max_box_acc_v2,box_acc_30,box_acc_50,box_acc_70,"
            "threshold_30,threshold_50,threshold_70,pointing,energy,mask_pointing,mask_energy,"
            "without_box\n"
            "\"noise, 64\",cam,4,0.875000,0.250000,0.500000,0.750000,0.500000,0.250000,0.100000,"
            "0.200000,0.300000,0.625000,0.375000,0.125000,0.062500,2\n"
            "\"noise, 64\",centre box,4,0.875000,0.250000,0.500000,0.750000,0.500000,0.250000,"
            "0.100000,0.200000,0.300000,0.625000,0.375000,,,0\n");
}

TEST(LocalizationReport, JsonIsNullWhereThereAreNoMasks) {
  const Localization measured = made_up();
  EXPECT_EQ(localization_json(measured, measured.rows[0])["mask_energy"], 0.0625);
  EXPECT_TRUE(localization_json(measured, measured.rows[1])["mask_energy"].is_null());
  EXPECT_EQ(localization_json(measured, measured.rows[1])["box_acc_70"], 0.25);
}

// A canvas of 24 is drawn four times as large: the true box is white, the one found sky blue.
TEST(LocalizationReport, BoxesAreDrawnWhereTheyAre) {
  TrainedModel model = colour_model(8);
  LocatedPictures pictures = pasted_pictures(colours(3, 8), {.canvas = 24});
  const Localization found = localize(model, "grey", pictures, {.method = "cam"});
  pictures.places[1].box = {.left = 0, .top = 0, .right = 12, .bottom = 6};
  const Picture sheet = draw_localization(found, pictures, model.card.classes);
  const int left = 14 + 96 + 3, top = 14 + 26;  // of the first scored picture's map
  const auto is = [&](int x, int y, int r, int g, int b) {
    return sheet.at(left + x, top + y, 0) == r && sheet.at(left + x, top + y, 1) == g &&
           sheet.at(left + x, top + y, 2) == b;
  };
  EXPECT_TRUE(is(0, 0, 255, 255, 255));
  EXPECT_TRUE(is(47, 23, 255, 255, 255));
  EXPECT_FALSE(is(48, 23, 255, 255, 255));
  const Box drawn = *object_box(found.maps[1]);
  EXPECT_TRUE(is(4 * drawn.left, 4 * drawn.bottom - 1, 86, 180, 233));
}

}  // namespace
}  // namespace weir::testing
