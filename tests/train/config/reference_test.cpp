#include "train/config/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Reference, SchemaHasEveryKeyAndNoOther) {
  const auto schema = nlohmann::json::parse(config_schema());
  size_t leaves = 0;
  for (const Key& key : config_keys()) {
    const nlohmann::json* at = &schema;
    std::string path = key.path + '.';
    while (!path.empty()) {
      EXPECT_EQ(at->at("additionalProperties"), false) << key.path;
      at = &at->at("properties").at(path.substr(0, path.find('.')));
      path.erase(0, path.find('.') + 1);
    }
    EXPECT_EQ(at->at("description"), key.help);
    ++leaves;
  }
  EXPECT_EQ(leaves, config_keys().size());
  EXPECT_EQ(schema.at("properties").size(), names_under("").size() + 1);  // and `extends`
}

TEST(Reference, SchemaHasTypesRangesAndWords) {
  const auto properties = nlohmann::json::parse(config_schema()).at("properties");
  const auto& optimizer = properties.at("optimizer").at("properties");
  EXPECT_EQ(optimizer.at("lr").at("exclusiveMinimum"), 0);
  EXPECT_EQ(optimizer.at("groups").at("items").at("required"), (nlohmann::json{"match"}));
  const auto& freeze = properties.at("finetune").at("properties").at("freeze");
  EXPECT_EQ(freeze.at("anyOf")[0].at("type"), "string");
  EXPECT_EQ(freeze.at("anyOf")[1].at("items").at("type"), "string");
  EXPECT_EQ(optimizer.at("name").at("enum"), (nlohmann::json{"sgd", "adamw"}));
  EXPECT_EQ(optimizer.at("betas").at("maxItems"), 2);
  const auto& threads = properties.at("train").at("properties").at("threads").at("anyOf");
  EXPECT_EQ(threads.at(0).at("type"), "integer");
  EXPECT_EQ(threads.at(1).at("type"), "null");
  EXPECT_EQ(threads.at(2).at("const"), "auto");
}

TEST(Reference, CommittedPageIsTheTable) {
  EXPECT_EQ(read_file(WEIR_SOURCE_DIR "/docs/configuration.md"), keys_as_markdown())
      << "run: weir config keys --format md > docs/configuration.md";
}

TEST(Reference, TextNamesEveryKey) {
  const std::string text = keys_as_text();
  for (const Key& key : config_keys()) EXPECT_THAT(text, HasSubstr(key.path + " = "));
  EXPECT_THAT(text, HasSubstr("only with scheduler.name multistep"));
}

TEST(Reference, CompletesKeysAndWords) {
  EXPECT_THAT(complete_override("optimizer.mom"), ElementsAre("optimizer.momentum="));
  EXPECT_THAT(complete_override(""), Contains("train.epochs="));
  EXPECT_THAT(complete_override("optimizer.name="),
              ElementsAre("optimizer.name=sgd", "optimizer.name=adamw"));
  EXPECT_THAT(complete_override("optimizer.name=a"), ElementsAre("optimizer.name=adamw"));
  EXPECT_THAT(complete_override("output.images=f"), ElementsAre("output.images=false"));
  EXPECT_THAT(complete_override("nothing"), IsEmpty());
}

}  // namespace
}  // namespace weir
