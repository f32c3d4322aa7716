// Kernels chosen by measurement: kept for the machine, copied into the run, and used from there.
#include "train/measured_kernels.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/bench/conv_shapes.h"
#include "train/bench/tune.h"
#include "train/trained_model.h"
#include "train/trainer/network.h"

namespace weir::testing {
namespace {

using kernels::ConvChoices;
using kernels::ConvPass;
using kernels::ConvShape;

constexpr FeatureShape kPicture{.c = 3, .h = 8, .w = 8};  // of stripes4

// The cache is a folder of the test's own.
class MeasuredKernels : public ::testing::Test {
 protected:
  MeasuredKernels() {
    const char* before = std::getenv("WEIR_CACHE");
    if (before != nullptr) before_ = before;
    setenv("WEIR_CACHE", (folder_.path() / "cache").c_str(), 1);
  }
  ~MeasuredKernels() override {
    before_ ? setenv("WEIR_CACHE", before_->c_str(), 1) : unsetenv("WEIR_CACHE");
  }

  Config config(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"train.kernels=measured", "train.epochs=2"};
    all.insert(all.end(), more.begin(), more.end());
    return tiny_config(folder_.path(), all);
  }

  // The plain loops for every pass of the network's convolution.
  ConvChoices reference_choices() const {
    const auto network = build_network(config(), 3, 8, 8, 4);
    const auto shape = conv_shape_of(*network->leaves().front().layer, kPicture);
    ConvChoices choices;
    for (const ConvPass pass : kernels::kConvPasses) {
      choices.choose(shape.value(), DType::kF32, pass, kernels::kConvReference);
    }
    return choices;
  }

  TemporaryFolder folder_;
  std::optional<std::string> before_;
};

TEST_F(MeasuredKernels, FixedAndNotMeasuredAreEmpty) {
  EXPECT_TRUE(kernel_choices(config()).empty());  // and a warning
  store_measured_kernels(reference_choices());
  EXPECT_FALSE(kernel_choices(config()).empty());
  EXPECT_TRUE(kernel_choices(config({"train.kernels=fixed"})).empty());
}

TEST_F(MeasuredKernels, StoringMerges) {
  store_measured_kernels(reference_choices());
  ConvChoices more;
  const ConvShape linear{.c = 3, .k = 4, .window = Window2d::global(2, 2)};
  more.choose(linear, DType::kF32, ConvPass::kForward, kernels::kConvPanels);
  store_measured_kernels(more);
  ConvChoices both = reference_choices();
  both.merge(more);
  EXPECT_EQ(kernel_choices(config()).text(), both.text());
}

TEST_F(MeasuredKernels, DamagedFilesAreRefusedAndKept) {
  make_folder(measured_kernels_file().parent_path());
  write_file_atomic(measured_kernels_file(), "{\"conv\": {}}");
  expect_error(ErrorKind::kData, measured_kernels_file().string() + ": \"conv\"",
               [&] { kernel_choices(config()); });
  expect_error(ErrorKind::kData, "is no convolution",
               [&] { store_measured_kernels(reference_choices()); });
  EXPECT_EQ(read_file(measured_kernels_file()), "{\"conv\": {}}");
}

// The loops add in another order than the fast kernel, so the bits tell who computed.
TEST_F(MeasuredKernels, TheRunKeepsItsTable) {
  const TrainResult fixed = train_tiny(config({"train.kernels=fixed"}));
  store_measured_kernels(reference_choices());
  const TrainResult whole = train_tiny(config());
  EXPECT_NE(whole.rows.back().train_loss, fixed.rows.back().train_loss);
  EXPECT_EQ(read_file(whole.folder / kRunKernelsFile), reference_choices().text());
  EXPECT_FALSE(std::filesystem::exists(fixed.folder / kRunKernelsFile));

  const TrainResult half = train_tiny(config({"train.epochs=1"}));
  std::filesystem::remove(measured_kernels_file());  // only the run's copy is left
  const TrainResult resumed = train_tiny(config({"train.resume=" + half.folder.string()}));
  EXPECT_EQ(resumed.rows.back().train_loss, whole.rows.back().train_loss);
  EXPECT_EQ(resumed.rows.back().val_loss, whole.rows.back().val_loss);
  EXPECT_EQ(resumed.test->loss, whole.test->loss);

  TrainedModel model = load_trained_model(whole.folder);
  EXPECT_EQ(model.choices.text(), reference_choices().text());
  EXPECT_EQ(evaluate_split(model, make_stripes4(), "test").scores.loss(), whole.test->loss);
}

TEST_F(MeasuredKernels, TuningMeasuresEachPassOfEachConvolution) {
  const auto network = build_network(config(), 3, 8, 8, 4);
  const TuneReport report =
      tune_convolutions(*network, {.input = kPicture, .batch_size = 5, .type = DType::kF32});
  std::vector<std::string> passes;
  for (const TunedPass& pass : report.passes) {
    passes.push_back(pass.convolution.substr(0, 15) + std::string(name_of(pass.pass)));
    EXPECT_GT(pass.chosen_seconds, 0);
    EXPECT_LE(pass.chosen_seconds, pass.fixed_seconds);
    EXPECT_EQ(pass.gain() == 1, pass.chosen == pass.fixed);
  }
  // The pictures have no gradient.
  EXPECT_THAT(passes,
              ::testing::ElementsAre("F32 3x8x8 to 6,forward", "F32 3x8x8 to 6,backward_weights",
                                     "F32 6x4x4 to 4,forward", "F32 6x4x4 to 4,backward_data",
                                     "F32 6x4x4 to 4,backward_weights"));
  EXPECT_EQ(ConvChoices::parse(report.choices.text(), "tuned").text(), report.choices.text());
}

}  // namespace
}  // namespace weir::testing
