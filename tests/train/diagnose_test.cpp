// Diagnoses whose answers are known beforehand.
#include "train/diagnose/diagnose.h"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "layers/layers.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/checkpoint/named_tensors.h"
#include "train/diagnose/gradient_reach.h"
#include "train/diagnose/report.h"
#include "train/diagnose/shift_response.h"
#include "train/diagnose/window_maxima.h"

namespace weir::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr FeatureShape kInput{.c = 2, .h = 4, .w = 6};
constexpr int kImages = 5;

// Pictures made of a function of image, channel, row and column.
class MadePictures : public NormalizedImages {
 public:
  using Value = std::function<float(int image, int channel, int y, int x)>;
  explicit MadePictures(Value value) : value_(std::move(value)) {}
  int count() const override { return kImages; }
  int channels() const override { return kInput.c; }
  int height() const override { return kInput.h; }
  int width() const override { return kInput.w; }
  int label(int image) const override { return image % 2; }
  void row(int image, int channel, int y, float* out) const override {
    for (int x = 0; x < kInput.w; ++x) out[x] = value_(image, channel, y, x);
  }

 private:
  Value value_;
};

// No two cells of a window are equal; the largest is at the lower right.
float rising(int image, int channel, int y, int x) {
  return static_cast<float>(1 + x + 10 * y + 100 * channel + 1000 * image) / 1000;
}

// One layer that pools the pictures, then a classifier with weights.
Sequential classifier_behind(LayerPtr pooling) {
  Sequential net;
  const int features = static_cast<int>(pooling->output_shape(kInput).numel());
  net.add("pool", std::move(pooling));
  net.add("flat", Flatten());
  net.add("fc", Linear(features, 2, {}));
  initialize(net, {.method = "kaiming_normal", .seed = 3});
  return net;
}

Diagnosis diagnose_made(Sequential& net, const MadePictures::Value& value, int batches = 2,
                        int batch_size = 3) {
  const MadePictures pictures(value);
  Loader loader(pictures, {.batch_size = batch_size});
  return diagnose(net, kInput, loader, {.batches = batches});
}

PoolDiagnosis diagnose_pool(LayerPtr pooling, const MadePictures::Value& value) {
  Sequential net = classifier_behind(std::move(pooling));
  return diagnose_made(net, value).layers.at(0);
}

TEST(Diagnose, DistinctValuesSendTheGradientToOneCellOfFour) {
  const PoolDiagnosis found =
      diagnose_pool(std::make_unique<MaxPool2d>(MaxPool2d::Options{}), rising);
  EXPECT_EQ(found.zero_gradient, 0.75);
  EXPECT_EQ(found.never_reached, 0.75);  // the same cell in every picture
  ASSERT_TRUE(found.maxima);
  EXPECT_EQ(found.maxima->ties, 0);
  EXPECT_EQ(found.maxima->zero_ties, 0);
  EXPECT_THAT(found.maxima->winners, ElementsAre(0, 0, 0, 1));
}

// Another cell of the window is the largest in each of the first four pictures.
TEST(Diagnose, AnEpochReachesWhatABatchLeavesOut) {
  const auto wandering = [](int image, int, int y, int x) {
    return y % 2 * 2 + x % 2 == image % 4 ? 1.f : 0.1f * static_cast<float>(1 + y % 2 * 2 + x % 2);
  };
  const PoolDiagnosis found =
      diagnose_pool(std::make_unique<MaxPool2d>(MaxPool2d::Options{}), wandering);
  EXPECT_EQ(found.zero_gradient, 0.75);
  EXPECT_EQ(found.never_reached, 0);
  // Image 4 is like image 0: the first tap wins twice.
  EXPECT_THAT(found.maxima->winners, ElementsAre(0.4, 0.2, 0.2, 0.2));
  EXPECT_EQ(found.maxima->ties, 0);
}

// Columns 0, 1: zeros. Columns 2, 3: a tie of ones in the right column. Columns 4, 5: no tie.
TEST(Diagnose, CountsTiesAndWindowsOfZeros) {
  const auto value = [](int, int, int y, int x) {
    if (x < 2) return 0.f;
    if (x < 4) return x == 3 ? 1.f : 0.5f;
    return static_cast<float>(8 - x - y % 2 * 2);
  };
  const PoolDiagnosis found =
      diagnose_pool(std::make_unique<MaxPool2d>(MaxPool2d::Options{}), value);
  ASSERT_TRUE(found.maxima);
  EXPECT_DOUBLE_EQ(found.maxima->ties, 2. / 3);
  EXPECT_DOUBLE_EQ(found.maxima->zero_ties, 0.5);
  ASSERT_THAT(found.maxima->winners, SizeIs(4));
  EXPECT_DOUBLE_EQ(found.maxima->winners[0], 2. / 3);
  EXPECT_DOUBLE_EQ(found.maxima->winners[1], 1. / 3);
}

TEST(Diagnose, AveragesReachEveryCellAndHaveNoArgmax) {
  const PoolDiagnosis found =
      diagnose_pool(std::make_unique<AvgPool2d>(AvgPool2d::Options{}), rising);
  EXPECT_EQ(found.zero_gradient, 0);
  EXPECT_EQ(found.never_reached, 0);
  EXPECT_FALSE(found.maxima);
}

// 6 columns to 4 cells: cells differ in size, so Layer::window() is not where the maxima are.
TEST(Diagnose, AdaptiveMaximaOnlyWhereEveryCellIsTheWindow) {
  EXPECT_FALSE(diagnose_pool(std::make_unique<AdaptiveMaxPool2d>(Pair(4)), rising).maxima);
  const PoolDiagnosis global = diagnose_pool(std::make_unique<AdaptiveMaxPool2d>(Pair(1)), rising);
  ASSERT_TRUE(global.maxima);
  EXPECT_EQ(global.maxima->winners.back(), 1);
  EXPECT_DOUBLE_EQ(global.zero_gradient, 23. / 24);
}

// Padding is never the maximum, and windows at the edge see fewer taps.
TEST(WindowMaxima, PaddingHoldsNoMaximum) {
  const std::vector<float> map = {-1, -2, -3,  //
                                  -4, -5, -6};
  const Tensor x = images_from_nchw(map.data(), 1, 1, 2, 3);
  MaxPool2d layer({.kernel_size = 3, .stride = 2, .padding = 1});
  WindowMaxima maxima(layer.window({.c = 1, .h = 2, .w = 3}));
  maxima.add(x, layer.forward(Variable(x), {}).value());
  EXPECT_TRUE(maxima.matches());
  EXPECT_EQ(maxima.windows(), 2);
  // Left window: taps (1, 1) to (2, 2), the first largest is -1. Right: (1, 0) to (2, 1), it is -2.
  EXPECT_THAT(maxima.winners(), ElementsAre(0, 0, 0, 1, 1, 0, 0, 0, 0));
}

TEST(WindowMaxima, OtherOutputsDoNotMatch) {
  const Tensor x = Tensor::images_zeros(2, 3, 4, 4);
  WindowMaxima maxima(MaxPool2d({}).window({.c = 3, .h = 4, .w = 4}));
  Tensor y = Tensor::images_zeros(2, 3, 2, 2);
  maxima.add(x, y);
  EXPECT_TRUE(maxima.matches());
  y.data()[7] = 0.25f;
  maxima.add(x, y);
  EXPECT_FALSE(maxima.matches());
}

TEST(GradientReach, LooksAtImagesOnlyAndAveragesBatches) {
  GradientReach reach;
  Tensor first = Tensor::images_zeros(33, 1, 1, 2);  // a second block of one image
  Tensor second = first.clone();
  // Garbage in the padded rows of the second block.
  for (int row = 1; row < first.block(); ++row) first.panel(1, 0, 0)[row] = 7;
  reach.add(first);
  EXPECT_EQ(reach.zero_share(), 1);
  EXPECT_EQ(reach.never_share(), 1);
  second.panel(1, 0, 1)[0] = 1e-30f;
  reach.add(second);
  EXPECT_DOUBLE_EQ(reach.zero_share(), (1 + 65. / 66) / 2);
  EXPECT_EQ(reach.never_share(), 0.5);
}

TEST(ShiftResponse, ThePictureMovesToTheRight) {
  const std::vector<float> rows = {1, 2, 3, 4, 5, 6};
  const Tensor shifted = shifted_right(images_from_nchw(rows.data(), 1, 1, 2, 3));
  EXPECT_THAT(nchw_from_images(shifted), ElementsAre(1, 1, 2, 4, 4, 5));
  std::vector<float> many(size_t{40} * 3 * 2 * 5);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<float>(i);
  const std::vector<float> moved =
      nchw_from_images(shifted_right(images_from_nchw(many.data(), 40, 3, 2, 5)));
  for (size_t i = 0; i < many.size(); ++i) EXPECT_EQ(moved[i], many[i % 5 == 0 ? i : i - 1]);
}

TEST(ShiftResponse, MovingAlongWithThePictureIsNoChange) {
  const std::vector<float> row = {1, 0, 4, 2};
  const Tensor y = images_from_nchw(row.data(), 1, 1, 1, 4);
  ShiftResponse whole(1);
  whole.add(y, shifted_right(y));
  EXPECT_EQ(whole.change_beyond_motion(), 0);
  // Differences 0, 1, 4, 2 of the cells; squares of the row add up to 21.
  EXPECT_DOUBLE_EQ(whole.change().value(), std::sqrt(21. / 21));
  // At a distance of two pixels, half of the way: 1, 0.5, 2, 3.
  const std::vector<float> half = {1, 0.5, 2, 3};
  ShiftResponse part(2);
  part.add(y, images_from_nchw(half.data(), 1, 1, 1, 4));
  EXPECT_EQ(part.change_beyond_motion(), 0);
  EXPECT_DOUBLE_EQ(part.change().value(), std::sqrt((0.25 + 4 + 1) / 21));
}

TEST(ShiftResponse, ZerosHaveNone) {
  const Tensor zeros = Tensor::images_zeros(2, 1, 1, 3);
  ShiftResponse response(1);
  response.add(zeros, zeros);
  EXPECT_FALSE(response.change());
  EXPECT_FALSE(response.change_beyond_motion());
}

// A picture whose rows are constant is the same after the shift.
TEST(Diagnose, RowsWithoutChangeDoNotRespond) {
  const auto stripes = [](int image, int, int y, int) { return static_cast<float>(1 + image + y); };
  Sequential net = classifier_behind(std::make_unique<MaxPool2d>(MaxPool2d::Options{}));
  const Diagnosis found = diagnose_made(net, stripes);
  EXPECT_EQ(found.layers[0].shift_change, 0);
  EXPECT_EQ(found.layers[0].shift_beyond_motion, 0);
  EXPECT_EQ(found.prediction_changes, 0);
}

// The class is the sign of the last column. The shift moves the column before it there, which has
// another sign in the even pictures: 0, 2 and 4 of five.
TEST(Diagnose, CountsPredictionsThatChange) {
  const auto value = [](int image, int, int, int x) {
    const float last = image % 2 == 0 ? 3.f : 2.f;
    if (x == kInput.w - 1) return last;
    return x == kInput.w - 2 && image % 2 == 0 ? -3.f : 2.f;
  };
  Sequential net;
  net.add("pool", MaxPool2d({.kernel_size = {4, 1}, .stride = 1}));  // to 2 x 1 x 6
  net.add("flat", Flatten());
  net.add("fc", Linear(12, 2, {.bias = false}));
  Tensor weight = Tensor::zeros({2, 12});
  weight.data()[5] = 1;        // class 0: the last column of channel 0
  weight.data()[12 + 5] = -1;  // class 1: its opposite
  load_network(net, {{"fc.weight", weight}});
  const Diagnosis found = diagnose_made(net, value);
  EXPECT_EQ(found.pictures, 5);
  EXPECT_DOUBLE_EQ(found.prediction_changes, 3. / 5);
}

TEST(Diagnose, TakesAtMostAnEpochAndAtLeastABatch) {
  Sequential net = classifier_behind(std::make_unique<MaxPool2d>(MaxPool2d::Options{}));
  const Diagnosis all = diagnose_made(net, rising, 100, 2);
  EXPECT_EQ(all.batches, 3);
  EXPECT_EQ(all.pictures, 5);
  EXPECT_EQ(diagnose_made(net, rising, 1, 2).pictures, 2);
  expect_error(ErrorKind::kUsage, "at least one batch", [&] { diagnose_made(net, rising, 0); });
}

TEST(Diagnose, NetworksThatDoNotPoolAreRefused) {
  Sequential net;
  net.add("conv", Conv2d(2, 3, {.kernel_size = 3, .stride = 2}));
  net.add("unshuffle", PixelUnshuffle(1));
  expect_error(ErrorKind::kUsage, "no pooling layers", [&] { diagnose_made(net, rising); });
}

// Every pooling of the library is found, measured behind a convolution, and leaves the network as
// it was, running statistics included.
TEST(Diagnose, EveryPoolingLayerOfANetwork) {
  Sequential net;
  net.add("conv", Conv2d(2, 4, {.kernel_size = 3, .padding = 1}));
  net.add("norm", BatchNorm2d(4));
  net.add("relu", ReLU());
  net.add("max", MaxPool2d({.kernel_size = 3, .stride = 1, .padding = 1}));
  net.add("lp", LPPool2d({.slide = {.kernel_size = 2, .stride = 1}}));
  net.add("soft", SoftPool2d({.slide = {.kernel_size = 1}}));
  net.add("mixed", MixedPool2d(4, {.slide = {.kernel_size = 1}}));
  net.add("random", RandomMixedPool2d({.slide = {.kernel_size = 1}}));
  net.add("drawn", StochasticPool2d({.slide = {.kernel_size = 1}}));
  net.add("blur", MaxBlurPool2d(2, {.filter_size = 3, .stride = 2}));
  net.add("global", AdaptiveAvgPool2d(1));
  net.add("flat", Flatten());
  net.add("fc", Linear(4, 2, {}));
  initialize(net, {.method = "kaiming_normal", .seed = 2});
  const std::vector<NamedTensor> before = copy_of(network_tensors(net));
  const Diagnosis found = diagnose_made(net, rising);
  ASSERT_THAT(found.layers, SizeIs(8));
  EXPECT_EQ(found.layers[0].where.path, "max");
  EXPECT_TRUE(found.layers[0].maxima);
  EXPECT_EQ(found.layers[0].where.pixels_apart, 1);
  EXPECT_EQ(found.layers[7].where.path, "global");
  for (size_t i = 1; i < found.layers.size(); ++i) {
    EXPECT_FALSE(found.layers[i].maxima) << found.layers[i].where.path;
  }
  for (const PoolDiagnosis& layer : found.layers) {
    EXPECT_GE(layer.zero_gradient, layer.never_reached) << layer.where.path;
    EXPECT_LE(layer.zero_gradient, 1) << layer.where.path;
    EXPECT_TRUE(layer.shift_change) << layer.where.path;
  }
  const std::vector<NamedTensor> after = network_tensors(net);
  for (size_t i = 0; i < before.size(); ++i) {
    const auto bytes = [](const Tensor& tensor) {
      return std::string_view(reinterpret_cast<const char*>(tensor.data<std::byte>()),
                              tensor.bytes());
    };
    EXPECT_EQ(bytes(before[i].tensor), bytes(after[i].tensor)) << before[i].name;
  }
}

// In bf16 the layers see the rounded values of training.
TEST(Diagnose, InTheNetworksPrecision) {
  Sequential net = classifier_behind(std::make_unique<MaxPool2d>(MaxPool2d::Options{}));
  const auto close = [](int, int, int y, int x) {
    return 1.f + 0.0001f * static_cast<float>(x + 10 * y);  // equal in 8 bits of mantissa
  };
  EXPECT_EQ(diagnose_made(net, close).layers[0].maxima->ties, 0);
  net.set_precision(Precision::kBf16);
  const PoolDiagnosis rounded = diagnose_made(net, close).layers[0];
  EXPECT_EQ(rounded.maxima->ties, 1);
  EXPECT_EQ(rounded.maxima->winners[0], 1);
  EXPECT_EQ(rounded.zero_gradient, 0.75);
}

TEST(Diagnose, ATrainedRunOnItsOwnBatches) {
  const TemporaryFolder folder;
  const std::filesystem::path run =
      train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  TrainedModel model = load_trained_model(run);
  const Diagnosis found = diagnose(model, make_stripes4(), 20);
  EXPECT_EQ(found.batches, 3);  // 51 training pictures
  EXPECT_EQ(found.pictures, 51);
  ASSERT_THAT(found.layers, SizeIs(1));
  const PoolDiagnosis& layer = found.layers[0];
  // Windows that tile: at least three of four get nothing, and more with dropout behind.
  EXPECT_GT(layer.zero_gradient, 0.75);
  EXPECT_LT(layer.zero_gradient, 1);
  ASSERT_TRUE(layer.maxima);
  double sum = 0;
  for (const double share : layer.maxima->winners) sum += share;
  EXPECT_NEAR(sum, 1, 1e-12);
  const Diagnosis again = diagnose(model, make_stripes4(), 20);
  EXPECT_EQ(diagnosis_csv(again), diagnosis_csv(found));
  Dataset other = make_stripes4();
  other.classes[0] = "other";
  expect_error(ErrorKind::kData, "was trained for", [&] { diagnose(model, other, 1); });
}

TEST(DiagnoseReport, CsvHasARowForEachLayerAndEmptyFieldsForNoAnswer) {
  Sequential max = classifier_behind(std::make_unique<MaxPool2d>(MaxPool2d::Options{}));
  EXPECT_THAT(
      diagnosis_csv(diagnose_made(max, rising)),
      HasSubstr("\npool,MaxPool2d,2x2,2x2,2x4x6,2x2x3,0.750000,0.750000,0.000000,0.000000,"));
  EXPECT_THAT(diagnosis_csv(diagnose_made(max, rising)),
              HasSubstr(",0.000000 0.000000 0.000000 1.000000,"));
  Sequential avg = classifier_behind(std::make_unique<AvgPool2d>(AvgPool2d::Options{}));
  EXPECT_THAT(diagnosis_csv(diagnose_made(avg, rising)),
              HasSubstr("\npool,AvgPool2d,2x2,2x2,2x4x6,2x2x3,0.000000,0.000000,,,"));
}

// The heat map is there for maxima only, and another argmax gives another picture.
TEST(DiagnoseReport, ThePictureShowsBarsAndTheArgmax) {
  Sequential max = classifier_behind(std::make_unique<MaxPool2d>(MaxPool2d::Options{}));
  Diagnosis found = diagnose_made(max, rising);
  const Picture lower_right = draw_diagnosis("title", found);
  found.layers[0].maxima->winners = {1, 0, 0, 0};
  const Picture upper_left = draw_diagnosis("title", found);
  EXPECT_NE(lower_right.pixels, upper_left.pixels);
  const auto is_blue = [](const Picture& picture, int x, int y) {
    return picture.at(x, y, 2) == 178 && picture.at(x, y, 0) == 0;
  };
  // A quarter into the first and into the last of the 2 x 2 squares of 75 pixels at (700, 96).
  EXPECT_TRUE(is_blue(upper_left, 700 + 12, 96 + 12));
  EXPECT_FALSE(is_blue(lower_right, 700 + 12, 96 + 12));
  EXPECT_TRUE(is_blue(lower_right, 700 + 75 + 12, 96 + 75 + 12));
  found.layers[0].maxima.reset();
  EXPECT_FALSE(is_blue(draw_diagnosis("title", found), 700 + 12, 96 + 12));
  found.layers.push_back(found.layers[0]);
  EXPECT_GT(draw_diagnosis("title", found).height, upper_left.height);
  found.layers.resize(100, found.layers[0]);
  expect_error(ErrorKind::kUsage, "100 pooling layers", [&] { draw_diagnosis("title", found); });
}

}  // namespace
}  // namespace weir::testing
