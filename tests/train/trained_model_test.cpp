#include "train/trained_model.h"

#include <gtest/gtest.h>

#include "core/io/safetensors.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;

class TrainedModelTest : public ::testing::TestWithParam<const char*> {
 protected:
  TemporaryFolder folder_;
};

// The file alone gives the scores that training reported, whatever the normalisation.
TEST_P(TrainedModelTest, OneFilePredictsByItself) {
  const TrainResult result = train_tiny(
      tiny_config(folder_.path(), {std::string("data.normalize=") + GetParam(), "train.epochs=2"}));
  const fs::path alone = folder_.path() / "alone.safetensors";
  fs::rename(result.folder / "weights/best.safetensors", alone);
  fs::remove_all(folder_.path() / "tiny");
  TrainedModel model = load_trained_model(alone);
  EXPECT_EQ(model.epoch, result.best.epoch);
  EXPECT_EQ(model.card.dataset_id, "stripes4");
  EXPECT_EQ(model.card.classes, make_stripes4().classes);
  const Evaluation test = evaluate_split(model, make_stripes4(), "test");
  EXPECT_EQ(test.scores.loss(), result.test->loss);
  EXPECT_EQ(test.scores.accuracy(), result.test->accuracy);
  const Evaluation val = evaluate_split(model, make_stripes4(), "val");
  EXPECT_EQ(val.scores.loss(), *result.rows[static_cast<size_t>(result.best.epoch) - 1].val_loss);
}

INSTANTIATE_TEST_SUITE_P(Normalizations, TrainedModelTest,
                         ::testing::Values("none", "mean_std", "gcn", "gcn_zca"),
                         [](const auto& test) { return std::string(test.param); });

TEST(TrainedModel, PredictsPicturesOfAnySize) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  TrainedModel model = load_trained_model(run);
  const std::vector<Picture> pictures{Picture(8, 8, 3, 200), Picture(31, 17, 3, 200)};
  const auto probabilities = predict(model, fit_pictures(model, pictures));
  ASSERT_EQ(probabilities.size(), 2u);
  ASSERT_EQ(probabilities[0].size(), 4u);
  float sum = 0;
  for (const float p : probabilities[0]) sum += p;
  EXPECT_NEAR(sum, 1.f, 1e-6f);
  // Both are one grey area: resizing does not change it.
  EXPECT_EQ(probabilities[0], probabilities[1]);
  EXPECT_TRUE(predict(model, fit_pictures(model, {})).empty());
}

TEST(TrainedModel, RefusesFilesThatAreNoWeights) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "w.safetensors";
  expect_error(ErrorKind::kData, "cannot read", [&] { load_trained_model(path); });
  expect_error(ErrorKind::kData, "best.safetensors", [&] { load_trained_model(folder.path()); });
  write_safetensors(path, {});
  expect_error(ErrorKind::kData, "no configuration", [&] { load_trained_model(path); });
  write_safetensors(path, {.metadata = {{"weir_format", "9"}}});
  expect_error(ErrorKind::kData, "has format 9", [&] { load_trained_model(path); });
  write_safetensors(path, {.metadata = {{"weir_format", "1"}}});
  expect_error(ErrorKind::kData, "incomplete metadata", [&] { load_trained_model(path); });
}

TEST(TrainedModel, SaysWhichTensorsAreMissingOrTooMany) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  const fs::path path = run / "weights/best.safetensors";
  SafeTensors file = read_safetensors(path);
  const auto last = std::find_if(file.tensors.begin(), file.tensors.end(), [](const auto& named) {
    return named.name.ends_with("running_var");
  });
  last->name = "features.1.running_vaR";
  write_safetensors(path, file);
  expect_error(ErrorKind::kData, "running_var", [&] { load_trained_model(path); });
  expect_error(ErrorKind::kData, "running_vaR", [&] { load_trained_model(path); });
  last->name = "features.1.running_var";
  last->tensor = Tensor::zeros({7});
  write_safetensors(path, file);
  expect_error(ErrorKind::kData, "(7)", [&] { load_trained_model(path); });
}

TEST(TrainedModel, RefusesOtherClassesAndUnknownSplits) {
  const TemporaryFolder folder;
  const fs::path run =
      train_tiny(tiny_config(folder.path(), {"train.epochs=1", "data.val_split=0"})).folder;
  TrainedModel model = load_trained_model(run);
  Dataset other = make_stripes4();
  other.classes[0] = "other";
  expect_error(ErrorKind::kData, "was trained for", [&] { evaluate_split(model, other, "test"); });
  expect_error(ErrorKind::kUsage, "did you mean 'test'?",
               [&] { evaluate_split(model, make_stripes4(), "tset"); });
  expect_error(ErrorKind::kData, "there are no val pictures",
               [&] { evaluate_split(model, make_stripes4(), "val"); });
}

}  // namespace
}  // namespace weir::testing
