// Beginning with trained weights, freezing, groups: through whole trainings.
#include <cstring>
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/base/digest.h"
#include "core/io/safetensors.h"
#include "core/tensor/layout.h"
#include "layers/state.h"
#include "tests/core/kernels/conditions.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/checkpoint/weights_file.h"
#include "train/finetune/start_weights.h"
#include "train/trained_model.h"
#include "train/trainer/network.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kPooledHead =
    "model.head=[{adaptive_avg_pool2d: 1}, flatten, {linear: num_classes}]";

// One source for all tests: a run of two epochs.
class Finetune : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    source_ = train_tiny(tiny_config(folder_->path(), {"name=source", "train.epochs=2"}));
  }
  static void TearDownTestSuite() { delete folder_; }

  static fs::path weights_file() { return source_.folder / "weights/best.safetensors"; }
  static std::string weights() { return "finetune.weights=" + source_.folder.string(); }
  static Config config(std::vector<std::string> overrides) {
    overrides.insert(overrides.begin(), {weights(), "train.epochs=2"});
    return tiny_config(folder_->path(), overrides);
  }

  static TemporaryFolder* folder_;
  static TrainResult source_;
};
TemporaryFolder* Finetune::folder_ = nullptr;
TrainResult Finetune::source_;

std::map<std::string, Tensor> tensors_of(const fs::path& weights) {
  std::map<std::string, Tensor> tensors;
  for (const NamedTensor& named : read_safetensors(weights).tensors) {
    tensors[named.name] = named.tensor;
  }
  return tensors;
}

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.bytes() == b.bytes() &&
         std::memcmp(a.data<std::byte>(), b.data<std::byte>(), a.bytes()) == 0;
}

// The names of tensors that differ between two weights files.
std::vector<std::string> changed(const fs::path& a, const fs::path& b) {
  const std::map<std::string, Tensor> before = tensors_of(a), after = tensors_of(b);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : before) {
    if (!after.contains(name) || !same_bytes(tensor, after.at(name))) names.push_back(name);
  }
  return names;
}

struct Begun : TrainObserver {
  void on_start(const RunInfo& run) override { info = run; }
  RunInfo info;
};

RunInfo info_of(const Config& config, Dataset dataset = make_stripes4()) {
  return dry_run(config, {.dataset = std::move(dataset)}).info;
}

TEST_F(Finetune, TheSameNetGivesTheSameLogits) {
  const TrainedModel source = load_trained_model(source_.folder);
  const Config same = config({});
  const PreparedData data = prepare_data(make_stripes4(), same);
  const auto network = build_network(same, 3, 8, 8, 4);
  initialize_network(*network, same, data);
  const StartWeights start = load_start_weights(*network, same, data);
  EXPECT_TRUE(start.transfer.complete());
  EXPECT_THAT(start.warnings, IsEmpty());
  EXPECT_EQ(start.sha256, sha256_hex(read_file(weights_file())));
  EXPECT_EQ(start.epoch, source_.best.epoch);
  const Variable x(images_from_nchw(std::vector<float>(5 * 3 * 8 * 8, 0.5f).data(), 5, 3, 8, 8));
  expect_same_bytes(network->forward(x, {}).value(), source.network->forward(x, {}).value());
}

TEST_F(Finetune, ARunSaysWhatItBeganWithAndRepeatsFromIt) {
  Begun observer;
  const TrainResult first =
      train(config({"name=first", kPooledHead}), observer, {.dataset = make_stripes4()});
  const std::string sha = sha256_hex(read_file(weights_file()));
  EXPECT_THAT(read_file(first.folder / "config.yaml"),
              AllOf(HasSubstr("sha256: " + sha), HasSubstr("weights: " + source_.folder.string())));
  EXPECT_THAT(read_file(first.folder / "start.txt"),
              AllOf(HasSubstr("weights of " + weights_file().string()), HasSubstr("sha256 " + sha),
                    HasSubstr("loaded   features.0"), HasSubstr("kept     classifier.2"),
                    HasSubstr("dropped  classifier.1")));
  const auto json = nlohmann::json::parse(read_file(first.folder / "result.json"));
  EXPECT_EQ(json["start"]["sha256"], sha);
  EXPECT_EQ(observer.info.start->transfer.loaded_count(), 2u);

  // From its own config.yaml, and from the file alone, which lies elsewhere.
  const Config again = load_config(first.folder / "config.yaml").config;
  EXPECT_EQ(train_tiny(again).weights_sha256, first.weights_sha256);
  const fs::path moved = folder_->path() / "moved.safetensors";
  fs::copy_file(weights_file(), moved);
  const Config elsewhere =
      config({"name=first", kPooledHead, "finetune.weights=" + moved.string()});
  EXPECT_EQ(train_tiny(elsewhere).weights_sha256, first.weights_sha256)
      << "the place of the file is not in the weights";

  // The weights tell what they came from, and load without it.
  EXPECT_THAT(read_weights(first.folder / "weights/best.safetensors").card.config,
              AllOf(HasSubstr("sha256: " + sha), HasSubstr("weights: null")));
  EXPECT_EQ(load_trained_model(first.folder).config.finetune.sha256, sha);
}

TEST_F(Finetune, AnotherFileIsRefused) {
  const std::string wrong = "finetune.sha256=" + std::string(64, 'a');
  expect_error(ErrorKind::kData, "another file than the one that finetune.sha256 asks for", [&] {
    train_tiny(config({"name=refused", wrong}));
  });
  EXPECT_FALSE(fs::exists(folder_->path() / "refused")) << "nothing half-written";
  expect_error(ErrorKind::kUsage, "name the file in finetune.weights", [&] {
    train_tiny(tiny_config(folder_->path(), {"name=refused", wrong}));
  });
}

TEST_F(Finetune, NeitherAFileNorARunNorOfThisArchitecture) {
  const fs::path text = folder_->path() / "notes.safetensors";
  write_file_atomic(text, "no weights at all");
  const auto begin_with = [&](const fs::path& path, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"name=refused", "finetune.weights=" + path.string()});
    train_tiny(tiny_config(folder_->path(), more));
  };
  expect_error(ErrorKind::kData, "notes.safetensors", [&] { begin_with(text); });
  expect_error(ErrorKind::kData, "nowhere", [&] { begin_with("nowhere"); });
  expect_error(ErrorKind::kData, "holds no weights/best.safetensors",
               [&] { begin_with(folder_->path()); });
  const fs::path bare = folder_->path() / "bare.safetensors";
  write_safetensors(bare, {.tensors = {{"w", Tensor::zeros({2})}}, .metadata = {}});
  expect_error(ErrorKind::kData, "no configuration", [&] { begin_with(bare); });
  const std::string message = message_of(
      [&] {
        begin_with(source_.folder, {"model.name=lenet5", "~model.head"});
      },
      ErrorKind::kUsage);
  EXPECT_THAT(message, HasSubstr("features.3")) << "8x8 pictures are too small for LeNet-5";
  const std::string other = message_of(
      [&] {
        begin_with(source_.folder,
                   {"model.layers=[{conv2d: {out_channels: 5, kernel_size: 3}}, relu]"});
      },
      ErrorKind::kData);
  EXPECT_THAT(other, AllOf(HasSubstr("no layer fits the network here (model.layers differ):"),
                           HasSubstr("kept     features.0    Conv2d      weight (5, 3, 3, 3)"),
                           HasSubstr("dropped  features.0    Conv2d      weight (6, 3, 3, 3)")));
  EXPECT_FALSE(fs::exists(folder_->path() / "refused"));
}

TEST_F(Finetune, StrictWantsEverything) {
  EXPECT_EQ(train_tiny(config({"name=strict", "finetune.strict=true", "train.epochs=1"})).status,
            TrainStatus::kFinished);
  expect_error(
      ErrorKind::kData, "different: classifier.1.weight: expected (9, 96), found (4, 96)", [&] {
        train_tiny(config(
            {"finetune.strict=true", "model.head=[flatten, {linear: 9}, {linear: num_classes}]"}));
      });
  expect_error(ErrorKind::kData, "missing: classifier.2.weight (4, 6)", [&] {
    train_tiny(config({"finetune.strict=true", kPooledHead}));
  });
}

TEST_F(Finetune, SkippedLayersBeginAnew) {
  const RunInfo info = info_of(config({"finetune.skip=[head]"}));
  EXPECT_EQ(info.start->transfer.layers.back().source, "");
  EXPECT_EQ(info.start->transfer.loaded_count(), 2u);
  expect_error(ErrorKind::kUsage, "finetune.skip: 'hed' fits no parameter",
               [&] { info_of(config({"finetune.skip=hed"})); });
}

// What may be wrong without being an error is said.
TEST_F(Finetune, WarnsOfWhatDiffersFromTheWeights) {
  EXPECT_THAT(info_of(config({})).notes, IsEmpty());
  Dataset renamed = make_stripes4();
  renamed.classes = {"a", "b", "c", "d"};
  EXPECT_THAT(info_of(config({}), renamed).notes,
              ElementsAre(AllOf(HasSubstr("classifier.1 was loaded, whose outputs were"),
                                HasSubstr("a, b, c, d from here on"))));
  EXPECT_THAT(info_of(config({"finetune.skip=[head]"}), renamed).notes, IsEmpty());
  EXPECT_THAT(
      info_of(config({"train.seed=8"})).notes,
      ElementsAre(HasSubstr("were training pictures of the weights, so val_acc is too high: "
                            "train.seed and data.val_split were 7 and 0.2 there, and are 8 "
                            "and 0.2 here")));
  EXPECT_THAT(
      info_of(config({"data.normalize=none"})).notes,
      ElementsAre(HasSubstr("normalised by data.normalize mean_std, these are normalised by "
                            "none")));
  EXPECT_THAT(
      info_of(config({"model.layers=[{conv2d: {out_channels: 6, kernel_size: 3, padding: 1}, "
                      "batch_norm: true, act: relu, repeat: 2}, {max_pool2d: 2}]"}))
          .notes,
      IsEmpty())
      << "the second convolution takes 6 channels, the first 3";
}

// Shapes alone would take layers of a narrower net for others of a wider one.
TEST_F(Finetune, ANewFirstLayerIsNamedWithWhatDiffers) {
  const Config wider =
      config({"model.layers=[{conv2d: {out_channels: 6, kernel_size: 5, padding: 2}, batch_norm: "
              "true, act: relu}, {max_pool2d: 2}]"});
  EXPECT_THAT(info_of(wider).notes,
              ElementsAre(AllOf(HasSubstr("the first layer, features.0, begins anew, so the loaded "
                                          "ones behind it get inputs that they do not know "
                                          "(model.layers differ)"))));
}

TEST_F(Finetune, ADenseHeadForAnotherSizeIsNamed) {
  Dataset wide = make_stripes4();
  for (Images* images : {&wide.train, &wide.test}) {
    // Two pictures beside each other: 8x16.
    const std::vector<uint8_t> pixels = images->pixels;
    images->pixels.clear();
    for (size_t row = 0; row < pixels.size(); row += 8) {
      for (int copy = 0; copy < 2; ++copy) {
        images->pixels.insert(images->pixels.end(), pixels.begin() + static_cast<ptrdiff_t>(row),
                              pixels.begin() + static_cast<ptrdiff_t>(row + 8));
      }
    }
    images->width = 16;
  }
  const RunInfo info = info_of(config({}), wide);
  EXPECT_THAT(info.notes,
              Contains(HasSubstr("classifier.1 begins anew: it is made for the 8x8 pictures of the "
                                 "weights, with 96 inputs, and those here are 8x16, with 192")));
}

// Neither weights nor statistics move, to the bit, in the present weights and in the average.
TEST_F(Finetune, FrozenIsFrozen) {
  for (const std::string optimizer : {"sgd", "adamw"}) {
    std::vector<std::string> overrides = {"name=frozen", "finetune.freeze=[backbone]",
                                          "train.ema_decay=0.9", "optimizer.name=" + optimizer,
                                          "optimizer.weight_decay=0.1"};
    if (optimizer == "adamw") overrides.push_back("~optimizer.momentum");
    const TrainResult result = train_tiny(config(overrides));
    for (const char* which : {"best", "last"}) {
      const fs::path file = result.folder / "weights" / fmt::format("{}.safetensors", which);
      EXPECT_THAT(changed(weights_file(), file),
                  ElementsAre("classifier.1.bias", "classifier.1.weight"))
          << optimizer << " " << which;
    }
  }
}

TEST_F(Finetune, FrozenBatchNormMayGoOnCounting) {
  const TrainResult result = train_tiny(
      config({"name=counting", "finetune.freeze=[backbone]", "finetune.freeze_norm=false"}));
  EXPECT_THAT(
      changed(weights_file(), result.folder / "weights/last.safetensors"),
      ElementsAre("classifier.1.bias", "classifier.1.weight", "features.1.num_batches_tracked",
                  "features.1.running_mean", "features.1.running_var"));
}

TEST_F(Finetune, ThawsAfterSoManyEpochs) {
  const TrainResult result =
      train_tiny(config({"name=thawing", "train.epochs=3", "train.save_every=1",
                         "finetune.freeze=[backbone]", "finetune.freeze_epochs=2"}));
  const auto after = [&](int epoch) {
    return changed(weights_file(),
                   result.folder / "weights" / fmt::format("epoch_{:04}.safetensors", epoch));
  };
  EXPECT_THAT(after(1), ElementsAre("classifier.1.bias", "classifier.1.weight"));
  EXPECT_THAT(after(2), ElementsAre("classifier.1.bias", "classifier.1.weight"));
  EXPECT_THAT(after(3), AllOf(Contains("features.0.weight"), Contains("features.1.running_mean"),
                              Contains("features.1.weight")));
}

TEST_F(Finetune, FreezingIsChecked) {
  expect_error(ErrorKind::kUsage, "finetune.freeze: 'backbon' fits no parameter",
               [&] { info_of(config({"finetune.freeze=[backbon, head]"})); });
  expect_error(ErrorKind::kUsage, "[backbone, head] freezes every parameter",
               [&] { info_of(config({"finetune.freeze=[backbone, head]"})); });
  expect_error(ErrorKind::kUsage, "[*] freezes every parameter", [&] {
    info_of(config({"finetune.freeze=['*']", "finetune.freeze_epochs=1"}));
  });
  expect_error(ErrorKind::kUsage, "optimizer.groups: 'hed' fits no parameter",
               [&] { info_of(config({"optimizer.groups=[{match: hed}]"})); });
}

// The source is gone when the run goes on, and nothing changes: everything together, stopped inside
// the frozen epochs, at their end and later.
TEST_F(Finetune, ResumingNeedsNoSourceAndChangesNoByte) {
  const TemporaryFolder straight, parts;
  const fs::path file = straight.path() / "begin.safetensors";
  const auto made = [&](const fs::path& output) {
    return tiny_config(output, {"finetune.weights=" + file.string(), "finetune.freeze=[backbone]",
                                "finetune.freeze_epochs=2", "train.ema_decay=0.9",
                                "train.clip_grad_norm=0.5", "train.resume=auto",
                                "optimizer.groups=[{match: head, lr_scale: 3, weight_decay: 0}]"});
  };
  fs::copy_file(weights_file(), file);
  const TrainResult whole = train_tiny(made(straight.path()));
  TrainResult part;
  for (const int steps : {2, 4, 1, 100}) {
    struct StopAfter : TrainObserver {
      void on_step(const StepReport&) override { stop = --left <= 0; }
      int left = 0;
      std::atomic<bool> stop = false;
    } observer;
    observer.left = steps;
    part =
        train(made(parts.path()), observer, {.dataset = make_stripes4(), .stop = &observer.stop});
    fs::remove(file);
  }
  EXPECT_EQ(part.status, TrainStatus::kFinished);
  EXPECT_EQ(part.folder.filename(), "0001");
  EXPECT_EQ(part.weights_sha256, whole.weights_sha256);
  SafeTensors a = read_safetensors(whole.folder / "state.safetensors"),
              b = read_safetensors(part.folder / "state.safetensors");
  a.metadata.clear();
  b.metadata.clear();
  EXPECT_EQ(format_safetensors(a), format_safetensors(b));
  const auto json = nlohmann::json::parse(read_file(part.folder / "result.json"));
  EXPECT_EQ(json["start"]["sha256"].get<std::string>().size(), 64u) << "a resumed run says it too";
}

}  // namespace
}  // namespace weir::testing
