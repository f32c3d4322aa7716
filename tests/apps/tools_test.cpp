// summary, data, config and completion.
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
using ::testing::Not;

TEST(Summary, AllCnnCHasItsPublishedCosts) {
  TempFolder folder;
  const std::string file = folder.write(
      "all_cnn_c.yaml", "model: {name: springenberg, base: C, downsample: all_conv}\n");
  const CommandResult table = run_weir({"summary", file});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("1,369,738"));
  const CommandResult json = run_weir({"summary", file, "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(json.out)["total"]["params"], 1369738);
  // One word changes the network.
  const CommandResult strided = run_weir({"summary", file, "model.downsample=strided"});
  EXPECT_THAT(strided.out, HasSubstr("954,730"));
}

TEST(Summary, SizesCanBeSet) {
  TempFolder folder;
  const std::string file = folder.write("lenet5.yaml", "model: {name: lenet5}\n");
  EXPECT_THAT(run_weir({"summary", file, "--classes", "7"}).out, HasSubstr("(7)"));
  EXPECT_EQ(run_weir({"summary", file, "--input", "3x8x8"}).exit_code, 2);
}

TEST(Config, ShowIsAConfigurationAgain) {
  TempFolder folder;
  const CommandResult first = run_weir({"config", "show", "optimizer.lr=0.125"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("lr: 0.125"));
  const std::string file = folder.write("shown.yaml", first.out);
  EXPECT_EQ(run_weir({"config", "show", file}).out, first.out);
  EXPECT_THAT(run_weir({"config", "show", file, "optimizer.lr=0.5", "--origins"}).out,
              AllOf(HasSubstr("override"), HasSubstr("shown.yaml:")));
}

TEST(Config, ValidateChecksEveryFile) {
  TempFolder folder;
  const std::string good = folder.write("good.yaml", "name: good\n");
  const std::string bad = folder.write("bad.yaml", "nmae: bad\n");
  const std::string worse = folder.write("worse.yaml", "train: {epochs: -1}\n");
  EXPECT_EQ(run_weir({"config", "validate", good}).exit_code, 0);
  const CommandResult result = run_weir({"config", "validate", bad, good, worse});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("good.yaml: ok"));
  EXPECT_THAT(result.err, AllOf(HasSubstr("did you mean 'name'?"), HasSubstr("worse.yaml:1:")));
}

TEST(Config, DiffNamesWhatDiffers) {
  TempFolder folder;
  const std::string a = folder.write("a.yaml", "train: {epochs: 3}\n");
  const std::string b = folder.write("b.yaml", "train: {epochs: 4}\n");
  const CommandResult result = run_weir({"config", "diff", a, b, "--json"});
  const auto event = nlohmann::json::parse(result.out);  // exactly one
  EXPECT_EQ(event["key"], "train.epochs");
  EXPECT_EQ(event["a"], "3");
  EXPECT_EQ(event["b"], "4");
  EXPECT_EQ(run_weir({"config", "diff", a, a}).out, "");
}

TEST(Config, KeysAndSchemaKnowTheSameKeys) {
  const std::string keys = run_weir({"config", "keys"}).out;
  const auto schema = nlohmann::json::parse(run_weir({"config", "schema"}).out);
  EXPECT_THAT(keys, HasSubstr("optimizer.weight_decay"));
  EXPECT_TRUE(schema["properties"]["optimizer"]["properties"].contains("weight_decay"));
}

TEST(Data, ListAndInfo) {
  EXPECT_THAT(run_weir({"data", "list"}).out, AllOf(HasSubstr("cifar10"), HasSubstr("synth10")));
  const CommandResult info =
      run_weir({"data", "info", "synth10", "data.train_size=100", "data.test_size=20", "--json"});
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const auto event = nlohmann::json::parse(info.out);
  EXPECT_EQ(event["train"], 100);
  EXPECT_EQ(event["train_per_class"], nlohmann::json(std::vector<int>(10, 10)));
  EXPECT_THAT(event["mean"][0], AllOf(::testing::Gt(0.0), ::testing::Lt(1.0)));
}

TEST(Data, InfoRefusesOtherKeys) {
  const CommandResult result = run_weir({"data", "info", "synth10", "train.epochs=3"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("expected a key of `data:`"));
}

TEST(Data, VerifyFindsMissingFiles) {
  TempFolder folder;
  const CommandResult result =
      run_weir({"data", "verify", "cifar10", "--root", folder.path().string()});
  EXPECT_EQ(result.exit_code, 3);
}

TEST(Data, SheetIsAPng) {
  TempFolder folder;
  const CommandResult result = run_weir(
      {"data", "sheet", "synth10", "data.train_size=40", "data.test_size=10", "-o", "sheet.png"},
      {.folder = folder.path()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "sheet.png\n");
  EXPECT_EQ(read_file(folder.path() / "sheet.png").substr(1, 3), "PNG");
}

TEST(Data, ExportedFilesAreTheSameSet) {
  TempFolder folder;
  const CommandOptions there{.folder = folder.path(),
                             .environment = {"WEIR_CACHE=" + folder.path().string()}};
  const std::vector<std::string> set = {"synth10", "data.train_size=30", "data.test_size=10"};
  ASSERT_EQ(
      run_weir({"data", "export", set[0], set[1], set[2], "--format", "png", "-o", "out"}, there)
          .exit_code,
      0);
  const CommandResult info =
      run_weir({"data", "info", "image_folder", "data.root=out", "--json"}, there);
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const auto event = nlohmann::json::parse(info.out);
  EXPECT_EQ(event["train"], 30);
  EXPECT_EQ(event["test"], 10);
  // Never over something that is there.
  EXPECT_EQ(run_weir({"data", "export", set[0], set[1], set[2], "-o", "out"}, there).exit_code, 2);
}

TEST(Data, GetReadsFromAMirrorAndChecksTheSum) {
  TempFolder folder;
  folder.write("mirror/cifar-10-binary.tar.gz", "these are not the pictures");
  const std::string mirror =
      "file://" + (folder.path() / "mirror").string() + "/cifar-10-binary.tar.gz";
  const CommandResult result = run_weir(
      {"data", "get", "cifar10", "--mirror", mirror, "--root", (folder.path() / "data").string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(fs::exists(folder.path() / "data" / "cifar-10-binary.tar.gz"));
  EXPECT_EQ(run_weir({"data", "get", "cifar"}).exit_code, 2);
}

// What bash offers after `line`, one word for each line.
std::string bash_offers(const std::string& line) {
  const std::string script = "PATH=" + fs::path(WEIR_BINARY).parent_path().string() +
                             ":$PATH; source <(weir completion bash) || exit 9; COMP_LINE='" +
                             line +
                             "'; COMP_POINT=${#COMP_LINE}; compopt() { :; }; _weir; "
                             "printf '%s\\n' \"${COMPREPLY[@]}\"";
  const CommandResult result = run_program({"bash", "-c", script});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  return "\n" + result.out;
}

TEST(Completion, BashKnowsCommandsOptionsChoicesAndKeys) {
  EXPECT_THAT(bash_offers("weir tr"), HasSubstr("\ntrain\n"));
  EXPECT_THAT(bash_offers("weir data "), AllOf(HasSubstr("\nverify\n"), HasSubstr("\nsheet\n")));
  EXPECT_THAT(bash_offers("weir train --dr"), HasSubstr("\n--dry-run\n"));
  EXPECT_THAT(bash_offers("weir summary --format "),
              AllOf(HasSubstr("\ntable\n"), HasSubstr("\nmd\n"), Not(HasSubstr("--"))));
  EXPECT_THAT(bash_offers("weir train optimizer.wei"), HasSubstr("\noptimizer.weight_decay=\n"));
  // Readline keeps what stands before '='.
  EXPECT_THAT(bash_offers("weir train optimizer.name=ad"), HasSubstr("\nadamw\n"));
  EXPECT_THAT(bash_offers("weir data info syn"), HasSubstr("\nsynth10\n"));
}

TEST(Completion, EveryShellGetsAScript) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const CommandResult result = run_weir({"completion", shell});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, AllOf(HasSubstr("config validate"), HasSubstr("__complete")));
  }
}

}  // namespace
}  // namespace weir::testing
