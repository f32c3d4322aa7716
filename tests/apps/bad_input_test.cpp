// Bad input from end to end: a clear message, the right exit code, nothing half-written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class BadInputTest : public ::testing::Test {
 protected:
  CommandResult weir(const std::vector<std::string>& arguments) {
    return run_weir(arguments, {.folder = folder_.path(),
                                .environment = {"WEIR_DATA=" + (folder_.path() / "data").string(),
                                                "HOME=" + folder_.path().string()}});
  }
  void expect_nothing_written() const { EXPECT_FALSE(fs::exists(folder_.path() / "runs")); }
  TempFolder folder_;
};

// A LeNet on a handful of built-in pictures.
const std::vector<std::string> kTiny = {
    "data.name=synth10",    "data.train_size=64", "data.test_size=10",
    "model={name: lenet5}", "train.epochs=1",     "train.fail_if_stuck.after_epochs=null"};

std::vector<std::string> tiny(std::vector<std::string> more) {
  more.insert(more.begin(), kTiny.begin(), kTiny.end());
  more.insert(more.begin(), "train");
  return more;
}

TEST_F(BadInputTest, EveryProblemOfAConfigurationIsListedAtOnce) {
  const std::string file = folder_.write("bad.yaml",
                                         "data: {name: synth10, batch_size: 0}\n"
                                         "optimizer: {name: sgd, momentun: 0.9}\n"
                                         "train: {epochs: many}\n"
                                         "train: {seed: 1}\n");
  const CommandResult result = weir({"train", file});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("bad.yaml:1:"), HasSubstr("batch_size"), HasSubstr("bad.yaml:2:"),
                    HasSubstr("did you mean 'momentum'?"), HasSubstr("bad.yaml:4:")));
  expect_nothing_written();
}

TEST_F(BadInputTest, FineTuningNamesWhatIsMissing) {
  const CommandResult nowhere = weir(tiny({"--weights", "nowhere"}));
  EXPECT_EQ(nowhere.exit_code, 3);
  EXPECT_THAT(nowhere.err, HasSubstr("nowhere"));
  fs::create_directory(folder_.path() / "empty");
  const CommandResult empty = weir(tiny({"--weights", "empty"}));
  EXPECT_EQ(empty.exit_code, 3);
  EXPECT_THAT(empty.err, HasSubstr("empty holds no weights/best.safetensors"));
  const CommandResult patterns = weir(tiny({"finetune.freeze=[backbones, heads]"}));
  EXPECT_EQ(patterns.exit_code, 2);
  EXPECT_THAT(patterns.err, AllOf(HasSubstr("'backbones' fits no parameter"),
                                  HasSubstr("'heads' fits no parameter"),
                                  HasSubstr("layers with parameters: features.0, features.1")));
  const CommandResult all = weir(tiny({"finetune.freeze='*'"}));
  EXPECT_EQ(all.exit_code, 2);
  EXPECT_THAT(all.err, HasSubstr("freezes every parameter, so there is nothing to train"));
  const CommandResult group = weir(tiny({"optimizer.groups=[{match: hea}]"}));
  EXPECT_EQ(group.exit_code, 2);
  EXPECT_THAT(group.err, HasSubstr("optimizer.groups: 'hea' fits no parameter"));
  expect_nothing_written();
}

TEST_F(BadInputTest, MissingConfigurationNamesTheNearest) {
  folder_.write("configs/lenet5.yaml", "name: x\n");
  const CommandResult result = weir({"train", "configs/lenet.yaml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean 'configs/lenet5.yaml'?"));
}

TEST_F(BadInputTest, DeepNestingAndCyclesAreRefused) {
  const std::string deep = folder_.write("deep.yaml", "name: " + std::string(20000, '['));
  EXPECT_EQ(weir({"train", deep}).exit_code, 2);
  folder_.write("a.yaml", "extends: b.yaml\n");
  folder_.write("b.yaml", "extends: a.yaml\n");
  const CommandResult result = weir({"config", "show", "a.yaml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("a.yaml"));
}

TEST_F(BadInputTest, KernelLargerThanItsInputShowsTheFormula) {
  const std::string file = folder_.write(
      "kernel.yaml",
      "data: {name: synth10}\nmodel: {name: layers, layers: [{conv2d: {out_channels: 4, "
      "kernel_size: 33}}], head: [flatten, {linear: num_classes}]}\n");
  for (const char* command : {"train", "summary"}) {
    const CommandResult result = weir({command, file});
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.err, AllOf(HasSubstr("33"), HasSubstr("32")));
  }
  expect_nothing_written();
}

TEST_F(BadInputTest, Cifar10ThatIsNotHereStopsWithInstructions) {
  const CommandResult result = weir({"train", "data.name=cifar10"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("weir data get cifar10"));
  expect_nothing_written();
}

TEST_F(BadInputTest, TruncatedCifar10IsRefused) {
  for (const char* name : {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                           "data_batch_5", "test_batch"}) {
    folder_.write(std::string("data/cifar-10-batches-bin/") + name + ".bin",
                  std::string(3073 * 2 - 1, '\1'));
  }
  const CommandResult result = weir({"train", "data.name=cifar10"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("data_batch_1.bin"));
  expect_nothing_written();
}

TEST_F(BadInputTest, ImageFolderProblemsAreListed) {
  folder_.write("pets/cat/1.png", "GIF89a");
  folder_.write("pets/dog/1.jpg", "no picture");
  const CommandResult result = weir({"train", "data={name: image_folder, root: pets}"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("cat/1.png"), HasSubstr("dog/1.jpg")));
  expect_nothing_written();
}

TEST_F(BadInputTest, BatchOfOneAndOddBatchesWork) {
  EXPECT_EQ(weir(tiny({"data.batch_size=1", "data.limit=10"})).exit_code, 0);
  EXPECT_EQ(weir(tiny({"data.batch_size=33"})).exit_code, 0);
  EXPECT_EQ(weir(tiny({"data.batch_size=0"})).exit_code, 2);
}

TEST_F(BadInputTest, HugeLearningRateIsATrainingFailure) {
  const CommandResult result = weir(tiny({"optimizer.lr=1e30", "train.epochs=3"}));
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("step"));
}

TEST_F(BadInputTest, UnmetExpectationIsExitCodeFive) {
  const CommandResult result = weir(tiny({"expect.val_acc='>=1.0'"}));
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_THAT(result.err, HasSubstr("val_acc"));
}

TEST_F(BadInputTest, OutputFolderThatIsAFileIsAnError) {
  const std::string file = folder_.write("taken", "");
  const CommandResult result = weir(tiny({"--out", file}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("taken"));
}

TEST_F(BadInputTest, DamagedWeightsAreRefused) {
  ASSERT_EQ(weir(tiny({"--name", "t"})).exit_code, 0);
  const fs::path weights = folder_.path() / "runs" / "t" / "0001" / "weights" / "best.safetensors";
  std::string bytes = read_file(weights);
  const std::string cut = folder_.write("cut.safetensors", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(weir({"eval", cut}).exit_code, 3);
  bytes[7] = '\x7f';  // a header of 2^62 bytes
  const std::string huge = folder_.write("huge.safetensors", bytes);
  const CommandResult result = weir({"eval", huge});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("huge.safetensors"));
}

TEST_F(BadInputTest, EvalOfSomethingElseIsRefused) {
  EXPECT_EQ(weir({"eval"}).exit_code, 2);
  EXPECT_EQ(weir({"eval", "nowhere"}).exit_code, 2);
  fs::create_directory(folder_.path() / "empty");
  const CommandResult result = weir({"eval", "empty"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("weights/best.safetensors"));
}

}  // namespace
}  // namespace weir::testing
