#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "tests/train/expect_error.h"
#include "train/metrics/confusion.h"
#include "train/metrics/scores.h"
#include "train/metrics/shift_consistency.h"
#include "train/run/epoch_row.h"
#include "train/run/report.h"

namespace weir::testing {
namespace {

TEST(Scores, CountsRanksOverAPartialBlock) {
  // 33 pictures of 7 classes: two blocks, the second with one picture. Picture i prefers class
  // i % 7, then the classes above it in turn, so class (i + d) % 7 has rank d.
  constexpr int kPictures = 33, kClasses = 7;
  std::vector<float> logits;
  std::vector<int> labels;
  for (int i = 0; i < kPictures; ++i) {
    for (int k = 0; k < kClasses; ++k) {
      logits.push_back(-static_cast<float>((k - i % kClasses + kClasses) % kClasses));
    }
    labels.push_back((i + i / 11 * 5) % kClasses);  // ranks 0, 5 and 10 % 7 = 3, eleven times each
  }
  Scores scores;
  scores.add(images_from_nchw(logits.data(), kPictures, kClasses, 1, 1), labels, 0.25);
  EXPECT_EQ(scores.count, 33);
  EXPECT_EQ(scores.correct, 11);
  EXPECT_EQ(scores.correct_top5, 22);
  EXPECT_DOUBLE_EQ(scores.loss(), 0.25);
  EXPECT_DOUBLE_EQ(scores.accuracy(), 1.0 / 3.0);
}

TEST(Scores, LossIsTheMeanOverPicturesNotOverBatches) {
  Scores scores;
  const std::vector<float> logits{1.f, 0.f};
  const std::vector<int> one{0}, three{0, 0, 0};
  scores.add(images_from_nchw(logits.data(), 1, 2, 1, 1), one, 4.0);
  const std::vector<float> more{1.f, 0.f, 1.f, 0.f, 1.f, 0.f};
  scores.add(images_from_nchw(more.data(), 3, 2, 1, 1), three, 0.0);
  EXPECT_DOUBLE_EQ(scores.loss(), 1.0);
}

TEST(Scores, TiesGoToTheLowerClass) {
  const std::vector<float> values{1.f, 3.f, 3.f, 2.f};
  EXPECT_EQ(rank_of(values, 1), 0);
  EXPECT_EQ(rank_of(values, 2), 1);
  EXPECT_EQ(rank_of(values, 0), 3);
  EXPECT_EQ(top_classes(values, 3), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(top_classes(values, 9).size(), 4u);
}

TEST(Confusion, CountsAndQuotesNames) {
  ConfusionMatrix matrix(2);
  matrix.add(0, 0);
  matrix.add(0, 1);
  matrix.add(0, 1);
  matrix.add(1, 1);
  EXPECT_DOUBLE_EQ(matrix.recall(0), 1.0 / 3.0);
  EXPECT_EQ(matrix.csv({"cat, tabby", "a \"dog\""}),
            "true\\predicted,\"cat, tabby\",\"a \"\"dog\"\"\"\n"
            "\"cat, tabby\",1,2\n\"a \"\"dog\"\"\",0,1\n");
}

TEST(Confusion, RecallOfAClassWithoutPicturesIsZero) { EXPECT_EQ(ConfusionMatrix(3).recall(2), 0); }

TEST(MetricsCsv, HasTheDocumentedColumnsAndEmptyFields) {
  EpochRow row{.epoch = 2, .step = 40, .time_s = 1.5, .lr = 0.05, .train_loss = 1.25};
  row.val_acc = 0.5;
  const std::string text = metrics_csv({row});
  EXPECT_EQ(text,
            "epoch,step,time_s,lr,train_loss,train_acc,val_loss,val_acc,val_acc_top5,grad_norm,"
            "img_per_s,data_wait_s,peak_rss_mb\n"
            "2,40,1.500,0.05000000,1.250000,0.000000,,0.500000,,0.000000,0.0,0.000,0.0\n");
}

TEST(MetricsCsv, RowsSurviveJsonExactly) {
  EpochRow row{.epoch = 3, .train_loss = 1.0 / 3.0, .grad_norm = 1e-300};
  row.val_loss = 0.1;
  const EpochRow back = epoch_row_from_json(nlohmann::ordered_json::parse(to_json(row).dump()));
  EXPECT_EQ(back.train_loss, row.train_loss);
  EXPECT_EQ(back.grad_norm, row.grad_norm);
  EXPECT_EQ(back.val_loss, row.val_loss);
  EXPECT_FALSE(back.val_acc.has_value());
}

TEST(PredictionsCsv, ListsTheMostLikelyClasses) {
  const std::string text = predictions_csv(
      {{.index = 7, .label = 0, .probabilities = {0.25f, 0.5f, 0.125f}}}, {"a", "b", "c"});
  EXPECT_EQ(text,
            "index,true,pred,class1,prob1,class2,prob2,class3,prob3\n"
            "7,a,b,b,0.500000,a,0.250000,c,0.125000\n");
}

// Two channels of 2 x 3; the offsets of one pixel are, in order, (-1,-1) (-1,0) (-1,1) (0,-1) (0,1)
// (1,-1) (1,0) (1,1), and picture i takes number i modulo 8.
Images small_pictures(int count) {
  Images images{.channels = 2, .height = 2, .width = 3};
  for (int i = 0; i < count; ++i) {
    for (const int pixel : {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}) {
      images.pixels.push_back(static_cast<uint8_t>(pixel));
    }
    images.labels.push_back(i);
  }
  return images;
}

std::vector<int> pixels_of(const Images& images, int i) {
  return {images.image(i).begin(), images.image(i).end()};
}

TEST(ShiftConsistency, PicturesMoveByEveryOffsetInTurn) {
  const Images moved = moved_pictures(small_pictures(9), 1);
  using Pixels = std::vector<int>;
  EXPECT_EQ(pixels_of(moved, 0), (Pixels{5, 6, 6, 5, 6, 6, 15, 16, 16, 15, 16, 16}));
  EXPECT_EQ(pixels_of(moved, 1), (Pixels{4, 5, 6, 4, 5, 6, 14, 15, 16, 14, 15, 16}));
  EXPECT_EQ(pixels_of(moved, 4), (Pixels{1, 1, 2, 4, 4, 5, 11, 11, 12, 14, 14, 15}));
  EXPECT_EQ(pixels_of(moved, 7), (Pixels{1, 1, 2, 1, 1, 2, 11, 11, 12, 11, 11, 12}));
  EXPECT_EQ(pixels_of(moved, 8), pixels_of(moved, 0));
  EXPECT_EQ(moved.labels, small_pictures(9).labels);
}

TEST(ShiftConsistency, CountsEqualClasses) {
  const std::vector<Prediction> a{{.probabilities = {0.2f, 0.8f}},
                                  {.probabilities = {0.6f, 0.4f}},
                                  {.probabilities = {0.5f, 0.5f}},
                                  {.probabilities = {0.1f, 0.9f}}},
      b{{.probabilities = {0.4f, 0.6f}},
        {.probabilities = {0.3f, 0.7f}},
        {.probabilities = {0.9f, 0.1f}},
        {.probabilities = {0.0f, 1.0f}}};
  EXPECT_DOUBLE_EQ(same_class_share(a, b), 0.75);
  EXPECT_DOUBLE_EQ(same_class_share(a, a), 1);
}

TEST(ShiftConsistency, RefusesWhatHasNoAnswer) {
  expect_error(ErrorKind::kUsage, "expected a shift of 1 to 1 pixels, got 2",
               [] { moved_pictures(small_pictures(1), 2); });
  expect_error(ErrorKind::kUsage, "expected a shift", [] { moved_pictures(small_pictures(1), 0); });
  expect_error(ErrorKind::kUsage, "for the same pictures", [] { same_class_share({}, {}); });
}

}  // namespace
}  // namespace weir::testing
