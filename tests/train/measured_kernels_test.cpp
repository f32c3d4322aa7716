// Kernels chosen by measurement: kept for the machine, copied into the run, and used from there.
#include "train/measured_kernels.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/bench/bench.h"
#include "train/bench/conv_shapes.h"
#include "train/bench/tune.h"
#include "train/trained_model.h"
#include "train/trainer/network.h"

namespace weir::testing {
namespace {

using kernels::ConvChoices;
using kernels::ConvPass;
using kernels::ConvShape;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

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

// No network is asked for that could be measured: the file is read first.
TEST_F(MeasuredKernels, DamagedFilesAreRefusedBeforeMeasuring) {
  make_folder(measured_kernels_file().parent_path());
  write_file_atomic(measured_kernels_file(), "{\"conv\": {}}");
  Config unknown = config();
  unknown.model.name = "unknown";
  expect_error(ErrorKind::kData, "is no convolution", [&] { run_tune(unknown); });
  std::filesystem::remove(measured_kernels_file());
  expect_error(ErrorKind::kUsage, "unknown", [&] { run_tune(unknown); });
}

// The network is too narrow for bf16 by choice, on any machine.
TEST_F(MeasuredKernels, TuningMeasuresInTheSettledPrecision) {
  const TuneReport report = run_tune(config({"train.precision=auto", "data.batch_size=2"}));
  ASSERT_FALSE(report.passes.empty());
  for (const TunedPass& pass : report.passes) EXPECT_THAT(pass.convolution, StartsWith("F32 "));
}

// "amx" multiplies no F32, on any machine, and the other name may come from another version.
TEST_F(MeasuredKernels, RunsWithKernelsThatAreMissingHereAreEvaluatedButNotResumed) {
  store_measured_kernels(reference_choices());
  const TrainResult result = train_tiny(config({"train.epochs=1"}));
  const std::filesystem::path table = result.folder / kRunKernelsFile;
  std::string text = read_file(table);
  const auto rename_kernel = [&](const std::string& pass, const std::string& name) {
    const std::string from = "\"" + pass + "\": \"reference\"";
    ASSERT_NE(text.find(from), std::string::npos) << text;
    text.replace(text.find(from), from.size(), "\"" + pass + "\": \"" + name + "\"");
  };
  rename_kernel("backward_data", "amx");
  rename_kernel("backward_weights", "of_another_version");
  write_file_atomic(table, text);

  TrainedModel model = load_trained_model(result.folder);
  EXPECT_THAT(model.choices.text(), AllOf(HasSubstr("\"forward\": \"reference\""),
                                          Not(HasSubstr("amx")), Not(HasSubstr("backward"))));
  EXPECT_EQ(evaluate_split(model, make_stripes4(), "test").scores.loss(), result.test->loss);
  expect_error(ErrorKind::kData, "kernel 'amx'",
               [&] { train_tiny(config({"train.resume=" + result.folder.string()})); });
  write_file_atomic(table, "[]");
  expect_error(ErrorKind::kData, "expected one JSON object",
               [&] { load_trained_model(result.folder); });
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
