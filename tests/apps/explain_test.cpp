// weir explain and weir predict --cam from end to end: a run in, tables and files out.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const char* const kConfig = R"(
name: seen
data: {name: synth10, train_size: 200, test_size: 40, batch_size: 20, val_split: 0.1}
model:
  name: layers
  layers:
    - {conv2d: {out_channels: 4, kernel_size: 3, padding: 1}, act: relu}
    - max_pool2d: 2
    - {conv2d: {out_channels: 6, kernel_size: 3, padding: 1}, act: relu}
  head: [{adaptive_avg_pool2d: 1}, flatten, {linear: num_classes}]
optimizer: {lr: 0.01}
train: {epochs: 1, fail_if_stuck: {after_epochs: null}}
output: {images: false}
)";

std::vector<nlohmann::json> events(const CommandResult& result) {
  std::vector<nlohmann::json> list;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) list.push_back(nlohmann::json::parse(line));
  return list;
}

class ExplainTest : public ::testing::Test {
 protected:
  CommandResult weir(const std::vector<std::string>& words) const {
    const std::string cache = (folder_.path() / "cache").string();
    return run_weir(words, {.folder = folder_.path(), .environment = {"WEIR_CACHE=" + cache}});
  }
  // The folder of a run with global average pooling, or another head.
  std::string train(const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> words = {"train", folder_.write("seen.yaml", kConfig)};
    words.insert(words.end(), overrides.begin(), overrides.end());
    const CommandResult result = weir(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return (folder_.path() / "runs" / "seen" / "0001").string();
  }
  std::string train_dense() { return train({"model.head=[flatten, {linear: num_classes}]"}); }

  // A grey picture of another size than the network's.
  std::string picture(const std::string& name) const {
    return folder_.write(name, "P6 24 16 255\n" + std::string(24 * 16 * 3, 'x'));
  }
  std::string out() const { return (folder_.path() / "out").string(); }

  TempFolder folder_;
};

TEST_F(ExplainTest, PicturesOfAnySizeAndTheirFiles) {
  const std::string run = train();
  const CommandResult result =
      weir({"explain", run, picture("a.ppm"), picture("b.ppm"), "--class", "disc_striped"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const fs::path folder = fs::path(run) / "explain";
  EXPECT_THAT(result.out, AllOf(HasSubstr("a.ppm"), HasSubstr("predicted"), HasSubstr("16x16"),
                                HasSubstr("files   " + folder.string())));
  EXPECT_THAT(read_file(folder / "a-cam-disc_striped.png"), StartsWith("\x89PNG"));
  EXPECT_THAT(read_file(folder / "sheet-cam.png"), StartsWith("\x89PNG"));
  EXPECT_THAT(read_file(folder / "table-cam.csv"), HasSubstr("disc_striped"));
}

TEST_F(ExplainTest, EveryMethodOnTheTestPictures) {
  const std::string run = train();
  for (const std::string method : {"cam", "grad-cam", "saliency", "occlusion", "deconvnet"}) {
    std::vector<std::string> words = {"explain", run,     "--split", "test",     "--limit",
                                      "3",       "--top", "2",       "--method", method,
                                      "--out",   out(),   "--json"};
    if (method == "occlusion") words.insert(words.end(), {"--window", "16", "--stride", "8"});
    const CommandResult result = weir(words);
    ASSERT_EQ(result.exit_code, 0) << method << ": " << result.err;
    const std::vector<nlohmann::json> found = events(result);
    ASSERT_EQ(found.size(), 7u) << method;
    EXPECT_EQ(found[0]["event"], "explanation");
    EXPECT_EQ(found[0]["picture"], "test 0");
    EXPECT_EQ(found[1]["picture"], "test 0");
    EXPECT_EQ(found[0]["class"], found[0]["predicted"]);
    EXPECT_GE(found[0]["class_probability"], found[1]["class_probability"]);
    EXPECT_TRUE(found[0]["true"].is_string());
    EXPECT_LE(found[0]["lowest"], found[0]["highest"]);
    EXPECT_EQ(found[0]["width"], method.ends_with("cam") ? 16 : 32);
    EXPECT_TRUE(fs::exists(fs::path(out()) / std::string(found[5]["figure"])));
    EXPECT_EQ(found[6]["event"], "explain");
    EXPECT_EQ(found[6]["count"], 6);
    EXPECT_TRUE(fs::exists(fs::path(out()) / std::string(found[6]["table"])));
  }
}

TEST_F(ExplainTest, FailuresFirst) {
  const CommandResult result = weir({"explain", train(), "--split", "test", "--limit", "40",
                                     "--failures-first", "--class", "true", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<nlohmann::json> found = events(result);
  ASSERT_EQ(found.size(), 41u);
  bool right_came = false;
  double before = 1;
  for (size_t i = 0; i + 1 < found.size(); ++i) {
    const bool right = found[i]["true"] == found[i]["predicted"];
    EXPECT_FALSE(right_came && !right) << i;
    right_came = right_came || right;
    if (right) continue;
    EXPECT_LE(found[i]["probability"], before);
    before = found[i]["probability"];
    EXPECT_EQ(found[i]["class"], found[i]["true"]);
  }
}

TEST_F(ExplainTest, ADenseHeadNeedsAnotherMethodThanCam) {
  const std::string run = train_dense();
  const CommandResult cam = weir({"explain", run, picture("a.ppm")});
  EXPECT_EQ(cam.exit_code, 2);
  EXPECT_THAT(cam.err, AllOf(HasSubstr("global average pooling"), HasSubstr("Flatten"),
                             HasSubstr("grad-cam, saliency and occlusion")));
  EXPECT_FALSE(fs::exists(fs::path(run) / "explain"));
  const CommandResult other = weir({"explain", run, picture("a.ppm"), "--method", "grad-cam",
                                    "--layer", "features.1", "--out", out()});
  EXPECT_EQ(other.exit_code, 0) << other.err;
  EXPECT_THAT(other.out, HasSubstr("32x32"));
}

TEST_F(ExplainTest, ANetworkWithoutAConvolution) {
  const std::string run = train({"model.layers=[max_pool2d: 2]"});
  for (const std::string method : {"cam", "grad-cam", "deconvnet"}) {
    const CommandResult result = weir({"explain", run, picture("a.ppm"), "--method", method});
    EXPECT_EQ(result.exit_code, 2) << method;
    EXPECT_THAT(result.err, HasSubstr("a convolution before the head")) << method;
  }
}

TEST_F(ExplainTest, BadPicturesDoNotStopTheOthers) {
  const std::string run = train();
  const std::string bad = folder_.write("bad.png", "GIF89a");
  const CommandResult result = weir({"explain", run, bad, picture("good.ppm")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("this is a GIF, although named .png"),
                                HasSubstr("1 of 2 pictures could not be read")));
  EXPECT_THAT(result.out, HasSubstr("good.ppm"));
  const CommandResult none = weir({"explain", run, bad});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.err, HasSubstr("1 of 1 pictures could not be read"));
  EXPECT_THAT(none.out, IsEmpty());
}

TEST_F(ExplainTest, WrongUsage) {
  const std::string run = train(), file = picture("a.ppm");
  struct Wrong {
    std::vector<std::string> words;
    std::string says;
  };
  const std::vector<Wrong> list = {
      {{"explain"}, "expected a run folder or a weights file"},
      {{"explain", run}, "expected pictures or folders of pictures, or --split"},
      {{"explain", run, "nowhere.png"}, "there is no file or folder 'nowhere.png'"},
      {{"explain", run, file, "--class", "disc_stripd"}, "did you mean 'disc_striped'?"},
      {{"explain", run, file, "--class", "10"}, "there is no class 10: they are 0 to 9"},
      {{"explain", run, file, "--class", "true"}, "the true class of"},
      {{"explain", run, file, "--class", "0", "--top", "2"}, "excludes"},
      {{"explain", run, file, "--method", "gradcam"}, "did you mean 'grad-cam'?"},
      {{"explain", run, file, "--layer", "features.0"}, "cam looks at no layer"},
      {{"explain", run, file, "--method", "grad-cam", "--layer", "feature.0"},
       "did you mean 'features.0'?"},
      {{"explain", run, file, "--window", "4"}, "belong to --method occlusion, found cam"},
      {{"explain", run, file, "--method", "occlusion", "--window", "40"}, "does not fit"},
      {{"explain", run, file, "--limit", "4"}, "--split"},
      {{"explain", run, file, "--failures-first"}, "--split"},
      {{"explain", run, file, "--split", "test"}, "expected a key of `data:`"},
      {{"explain", run + "/weights/best.safetensors", file}, "expected --out DIR"},
  };
  for (const Wrong& wrong : list) {
    const CommandResult result = weir(wrong.words);
    EXPECT_EQ(result.exit_code, 2) << wrong.says;
    EXPECT_THAT(result.err, HasSubstr(wrong.says));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_FALSE(fs::exists(fs::path(run) / "explain"));
}

TEST_F(ExplainTest, ARunWithoutWeights) {
  const std::string run = train();
  fs::remove(fs::path(run) / "weights" / "best.safetensors");
  const CommandResult last = weir({"explain", run, picture("a.ppm")});
  EXPECT_EQ(last.exit_code, 3);
  EXPECT_THAT(last.err, AllOf(HasSubstr("has no weights/best.safetensors"),
                              HasSubstr("its other weights: ")));
  fs::remove(fs::path(run) / "weights" / "last.safetensors");
  const CommandResult none = weir({"explain", run, picture("a.ppm")});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.err, AllOf(HasSubstr("expected the folder of a run that finished an epoch"),
                              HasSubstr("it holds command.txt, config.yaml, ")));
}

TEST_F(ExplainTest, PredictWritesCams) {
  const std::string run = train();
  const CommandResult result =
      weir({"predict", run, picture("a.ppm"), picture("b.ppm"), "--cam", out(), "--topk", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("a.ppm  "), HasSubstr("b.ppm  "), HasSubstr("%")));
  EXPECT_TRUE(fs::exists(fs::path(out()) / "table-cam.csv"));
  EXPECT_TRUE(fs::exists(fs::path(out()) / "sheet-cam.png"));
}

TEST_F(ExplainTest, PredictSaysBeforehandThatThereIsNoCam) {
  const CommandResult result = weir({"predict", train_dense(), picture("a.ppm"), "--cam", out()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("global average pooling"));
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(ExplainTest, LocalizeOnMasksAndOnCanvases) {
  const std::string run = train();
  const CommandResult result =
      weir({"localize", run, "--limit", "20", "--canvas", "48", "--out", out()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("GT-known"), HasSubstr("masks "), HasSubstr("grey 48"),
                                HasSubstr("noise 48"), HasSubstr("patches 48"),
                                HasSubstr("random map"), HasSubstr("centre box")));
  const std::string csv = read_file(fs::path(out()) / "localize-cam.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 13);  // 4 kinds of pictures, 3 of maps
  const auto json = nlohmann::json::parse(read_file(fs::path(out()) / "localize-cam.json"));
  ASSERT_EQ(json["rows"].size(), 12u);
  EXPECT_EQ(json["rows"][0]["count"], 16);  // every fifth is held out
  EXPECT_TRUE(json["rows"][0]["mask_energy"].is_number());
  EXPECT_TRUE(json["rows"][3]["mask_energy"].is_null());
  EXPECT_THAT(read_file(fs::path(out()) / "localize-cam-noise.png"), StartsWith("\x89PNG"));
  // The same again, to the byte.
  const std::string again = out() + "-again";
  ASSERT_EQ(weir({"localize", run, "--limit", "20", "--canvas", "48", "--out", again}).exit_code,
            0);
  EXPECT_EQ(read_file(fs::path(again) / "localize-cam.csv"), csv);
}

// Pictures in files, sorted by class, whose objects nobody has marked.
TEST_F(ExplainTest, LocalizeOnAnImageFolder) {
  const std::string pictures = (folder_.path() / "pictures").string();
  ASSERT_EQ(weir({"data", "export", "synth10", "data.train_size=120", "data.test_size=40",
                  "--format", "png", "-o", pictures})
                .exit_code,
            0);
  const std::string run = train({"data.name=image_folder", "data.root=" + pictures});
  const CommandResult result = weir({"localize", run, "--limit", "20", "--canvas", "40", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<nlohmann::json> found = events(result);
  ASSERT_EQ(found.size(), 10u);
  EXPECT_EQ(found[0]["pictures"], "grey 40");
  EXPECT_EQ(found[8]["pictures"], "patches 40");  // of other classes: not only the first is there
  EXPECT_TRUE(found[0]["mask_energy"].is_null());
  const CommandResult masks = weir({"localize", run, "--on", "masks"});
  EXPECT_EQ(masks.exit_code, 2);
  EXPECT_THAT(masks.err, HasSubstr("says nothing about where its objects are"));
}

TEST_F(ExplainTest, LocalizeWithADenseHead) {
  const std::string run = train_dense();
  const CommandResult large = weir({"localize", run, "--method", "grad-cam", "--limit", "10"});
  EXPECT_EQ(large.exit_code, 2);
  EXPECT_THAT(large.err,
              AllOf(HasSubstr("grey 64: the network does not take pictures of 64x64"),
                    HasSubstr("classifier.1: expected 1536 inputs"), HasSubstr("--on masks")));
  EXPECT_FALSE(fs::exists(fs::path(run) / "localize"));
  const CommandResult fits =
      weir({"localize", run, "--method", "grad-cam", "--limit", "10", "--canvas", "32", "--object",
            "16", "--on", "masks,grey", "--json"});
  ASSERT_EQ(fits.exit_code, 0) << fits.err;
  const std::vector<nlohmann::json> found = events(fits);
  ASSERT_EQ(found.size(), 7u);
  EXPECT_EQ(found[3]["event"], "localization");
  EXPECT_EQ(found[6]["event"], "localize");
  EXPECT_EQ(found[6]["folder"], (fs::path(run) / "localize").string());
  EXPECT_EQ(found[3]["pictures"], "grey 32");
  EXPECT_EQ(found[3]["maps"], "grad-cam");
}

TEST_F(ExplainTest, LocalizeRefusesWhatItCannotMeasure) {
  const std::string run = train();
  const CommandResult kind = weir({"localize", run, "--on", "mask"});
  EXPECT_EQ(kind.exit_code, 2);
  EXPECT_THAT(kind.err, HasSubstr("did you mean 'masks'?"));
  const CommandResult small = weir({"localize", run, "--on", "grey", "--canvas", "31"});
  EXPECT_EQ(small.exit_code, 2);
  EXPECT_THAT(small.err, HasSubstr("a canvas of 32 (the object)"));
  const CommandResult unused = weir({"localize", run, "--on", "masks", "--canvas", "64"});
  EXPECT_EQ(unused.exit_code, 2);
  EXPECT_THAT(unused.err, HasSubstr("found masks alone"));
  const CommandResult deconv = weir({"localize", run, "--method", "deconvnet", "--layer", "x"});
  EXPECT_EQ(deconv.exit_code, 2);
  EXPECT_THAT(deconv.err, HasSubstr("there is no layer 'x'"));
  EXPECT_FALSE(fs::exists(fs::path(run) / "localize"));
}

}  // namespace
}  // namespace weir::testing
