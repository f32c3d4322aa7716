// What stops a training that goes wrong, and what keeps the best of one that goes well.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "layers/layers.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/ema.h"
#include "train/guard/early_stopping.h"
#include "train/guard/finite_watch.h"
#include "train/guard/stuck_watch.h"

namespace weir::testing {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(FiniteWatch, ADivergingTrainingIsExplainedAndTheLastCheckpointStays) {
  const TemporaryFolder folder;
  const TrainResult good = train_tiny(tiny_config(folder.path(), {"train.epochs=1"}));
  const std::string before = read_file(good.folder / "state.safetensors");
  // A rate of 1e30 sends the weights to infinity in the first step after resuming.
  const std::vector<std::string> wild{"optimizer.lr=1.0e+30", "model.head=[flatten, {linear: 4}]"};
  expect_error(ErrorKind::kTraining, "training diverged in epoch 1, step ",
               [&] { train_tiny(tiny_config(folder.path(), wild)); });
  EXPECT_EQ(read_file(good.folder / "state.safetensors"), before);
}

Sequential chain() {
  Sequential net;
  net.add("first", Conv2d(3, 2, {.kernel_size = 1}));
  net.add("second", ReLU());
  net.add("third", Conv2d(2, 2, {.kernel_size = 1}));
  for (NamedParameter& parameter : net.parameters()) {
    std::fill_n(parameter.variable.value().data(), parameter.variable.value().numel(), 1.f);
  }
  return net;
}

TEST(FiniteWatch, NamesTheParameterTheLayerAndTheAdvice) {
  Tensor images = Tensor::images_zeros(2, 3, 4, 4);
  const StepState state{.epoch = 2, .step = 11, .lr = 0.5, .loss = kNan, .grad_norm = 1};
  EXPECT_FALSE(is_finite(state));
  const auto explain = [&](Sequential& net) {
    explain_not_finite(net, images, {.training = true}, state);
  };
  Sequential net = chain();
  expect_error(ErrorKind::kTraining, "the loss or the sum of the squared gradients overflowed",
               [&] { explain(net); });
  std::fill_n(images.data(), images.stored(), 3e38f);  // 3 channels overflow in the first layer
  expect_error(ErrorKind::kTraining, "output that is not finite is that of layer first (Conv2d)",
               [&] { explain(net); });
  net.parameters()[2].variable.value().data()[1] = kNan;
  expect_error(ErrorKind::kTraining, "parameter third.weight is not finite", [&] { explain(net); });
  expect_error(ErrorKind::kTraining, "epoch 2, step 11", [&] { explain(net); });
  expect_error(ErrorKind::kTraining, "train.clip_grad_norm", [&] { explain(net); });
  images.data()[0] = kNan;
  expect_error(ErrorKind::kTraining, "the pictures themselves", [&] { explain(net); });
}

TEST(FiniteWatch, NamesTheGradient) {
  const Tensor images = Tensor::images_zeros(2, 3, 4, 4);
  Sequential net = chain();
  Variable weight = net.parameters()[0].variable;
  weight.grad() = Tensor::full(weight.value().shape(), kNan);
  expect_error(ErrorKind::kTraining, "the gradient of first.weight is not finite",
               [&] { explain_not_finite(net, images, {.training = true}, {.grad_norm = kNan}); });
}

TEST(StuckWatch, LooksOnceAndComparesWithChance) {
  const StuckOptions options{.after_epochs = 3};
  check_not_stuck(options, 2, 0.1, 2.3, 10);
  check_not_stuck(options, 3, 0.12, 2.3, 10);
  check_not_stuck(options, 4, 0.1, 2.3, 10);
  check_not_stuck({}, 3, 0.0, 2.3, 10);
  expect_error(ErrorKind::kTraining, "stuck at chance: after 3 epochs",
               [&] { check_not_stuck(options, 3, 0.119, 2.3, 10); });
  expect_error(ErrorKind::kTraining, "below 0.5000",
               [&] { check_not_stuck({.after_epochs = 1, .below = 0.5}, 1, 0.49, 2.3, 10); });
}

TEST(StuckWatch, EndsATraining) {
  const TemporaryFolder folder;
  const Config config =
      tiny_config(folder.path(), {"optimizer.lr=1.0e-9", "train.fail_if_stuck.after_epochs=2",
                                  "train.fail_if_stuck.below=0.9"});
  expect_error(ErrorKind::kTraining, "stuck at chance: after 2 epochs",
               [&] { train_tiny(config); });
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "tiny/0001/weights/last.safetensors"));
}

// As when a process was killed between saving the epoch and looking at it.
TEST(StuckWatch, LooksAgainWhenARunGoesOn) {
  const TemporaryFolder folder;
  const std::vector<std::string> slow{"optimizer.lr=1.0e-9", "train.epochs=2"};
  const TrainResult first = train_tiny(tiny_config(folder.path(), slow));
  std::vector<std::string> watched = slow;
  watched.insert(watched.end(),
                 {"train.epochs=4", "train.resume=" + first.folder.string(),
                  "train.fail_if_stuck.after_epochs=2", "train.fail_if_stuck.below=0.9"});
  expect_error(ErrorKind::kTraining, "stuck at chance: after 2 epochs",
               [&] { train_tiny(tiny_config(folder.path(), watched)); });
}

TEST(Monitor, KeepsTheBestAndCountsPatience) {
  const Monitor accuracy("val_acc", 2);
  BestEpoch best;
  EXPECT_TRUE(accuracy.update(best, 1, 0.0)) << "the first value is the best so far";
  EXPECT_TRUE(accuracy.update(best, 2, 0.5));
  EXPECT_FALSE(accuracy.update(best, 3, 0.5)) << "an equal value is not better";
  EXPECT_FALSE(accuracy.exhausted(best));
  EXPECT_FALSE(accuracy.update(best, 4, kNan));
  EXPECT_TRUE(accuracy.exhausted(best));
  EXPECT_EQ(best.epoch, 2);
  EXPECT_EQ(best.value, 0.5);
  const Monitor loss("val_loss", std::nullopt);
  BestEpoch lowest;
  EXPECT_TRUE(loss.update(lowest, 1, 2.0));
  EXPECT_FALSE(loss.update(lowest, 2, 3.0));
  EXPECT_TRUE(loss.update(lowest, 3, 1.0));
  EXPECT_FALSE(loss.exhausted(lowest));
  expect_error(ErrorKind::kUsage, "found 'train_acc'", [] { Monitor("train_acc", 1); });
}

TEST(Ema, FollowsItsFormulaAndSwapsBack) {
  Variable weight(Tensor::from({1.f, -2.f}, {2}), true);
  Ema ema({{"w", weight}}, 0.5);
  weight.value().data()[0] = 11.f;
  ema.update(0);  // d = min(0.5, 1/10): 0.1 * 1 + 0.9 * 11
  EXPECT_FLOAT_EQ(ema.state()[0].tensor.data()[0], 10.f);
  ema.update(100);  // d = 0.5
  EXPECT_FLOAT_EQ(ema.state()[0].tensor.data()[0], 10.5f);
  {
    const AveragedWeights averaged(&ema);
    EXPECT_FLOAT_EQ(weight.value().data()[0], 10.5f);
  }
  EXPECT_FLOAT_EQ(weight.value().data()[0], 11.f);
  EXPECT_FLOAT_EQ(ema.state()[0].tensor.data()[1], -2.f);
  expect_error(ErrorKind::kUsage, "between 0 and 1", [&] { Ema({{"w", weight}}, 1.0); });
}

// -0.0 + 0.0 is 0.0: a frozen average must not even be added to.
TEST(Ema, LeavesFrozenAveragesAloneToTheBit) {
  Variable weight(Tensor::from({-0.f, 3.f}, {2}), true);
  Ema ema({{"w", weight}}, 0.5);
  weight.set_requires_grad(false);
  ema.update(0);
  EXPECT_TRUE(std::signbit(ema.state()[0].tensor.data()[0]));
  EXPECT_EQ(ema.state()[0].tensor.data()[1], 3.f);
}

}  // namespace
}  // namespace weir::testing
