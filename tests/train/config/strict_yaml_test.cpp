#include "train/config/strict_yaml.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

using namespace std::string_literals;

TEST(StrictYaml, DuplicateKeyNamesBothPlaces) {
  EXPECT_EQ(errors_of("optimizer:\n  lr: 1e-3\n  momentum: 0.5\n  lr: 2e-3\n"),
            "c.yaml:4:3: error: duplicate key 'lr'; the first one is at c.yaml:2:3");
}

TEST(StrictYaml, DuplicateKeyInFlowMap) {
  EXPECT_EQ(errors_of("train: {epochs: 3, seed: 1, epochs: 4}\n"),
            "c.yaml:1:29: error: duplicate key 'epochs'; the first one is at c.yaml:1:9");
}

TEST(StrictYaml, MergeKeyIsRefused) {
  EXPECT_EQ(errors_of("optimizer:\n  <<: {lr: 0.1}\n").substr(0, 85),
            "c.yaml:2:3: error: the merge key '<<' is not supported; use `extends:`\n"
            "c.yaml:2:3: er");
}

TEST(StrictYaml, AnchorsAndAliasesAreRefused) {
  const std::string errors = errors_of("data: {val_split: &share 0.2, test_split: *share}\n");
  EXPECT_NE(errors.find("c.yaml:1:19: error: anchors (&share) are not supported"),
            std::string::npos)
      << errors;
  EXPECT_NE(errors.find("error: aliases (*name) are not supported"), std::string::npos) << errors;
}

TEST(StrictYaml, TagsAreRefused) {
  EXPECT_NE(errors_of("train: {epochs: !!int 3}\n").find("tags ('tag:yaml.org,2002:int')"),
            std::string::npos);
}

TEST(StrictYaml, KeysMustBeWords) {
  EXPECT_NE(errors_of("? [a, b]\n: 3\n").find("expected a word as the key, found a list"),
            std::string::npos);
}

TEST(StrictYaml, OneDocument) {
  EXPECT_EQ(errors_of("name: a\n---\nname: b\n"),
            "c.yaml:2:1: error: a second document starts here; a configuration is one document");
}

TEST(StrictYaml, SyntaxErrorHasItsPlace) {
  EXPECT_EQ(errors_of("train:\n  epochs: [1, 2\nname: x\n").substr(0, 30),
            "c.yaml:3:5: error: not valid Y");
}

struct Nesting {
  const char* name;
  const char* unit;
};

class DeepNesting : public testing::TestWithParam<Nesting> {};

TEST_P(DeepNesting, IsRefusedEarly) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += GetParam().unit;
  EXPECT_NE(errors_of(text).find("error: nested deeper than 32 levels"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Kinds, DeepNesting,
                         testing::Values(Nesting{"brackets", "["}, Nesting{"braces", "{a: "},
                                         Nesting{"dashes", "- "}, Nesting{"questions", "? "}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(StrictYaml, DeepestAllowedNesting) {
  const auto nested = [](int depth) {
    ProblemList problems;
    parse_yaml(std::string(depth, '[') + std::string(depth, ']'), "c.yaml", problems);
    return problems.empty();
  };
  EXPECT_TRUE(nested(kMaxYamlDepth));
  EXPECT_FALSE(nested(kMaxYamlDepth + 1));
}

TEST(StrictYaml, TextThatIsTooLong) {
  const std::string text = "name: " + std::string(kMaxYamlBytes, 'x');
  EXPECT_EQ(errors_of(text), "c.yaml: error: 262150 bytes; a configuration may have 262144");
}

TEST(StrictYaml, BytesThatAreNotUtf8) {
  EXPECT_EQ(errors_of("name: x\ndata: {name: caf\xE9}\n"),
            "c.yaml:2:17: error: byte 0xE9 is not UTF-8; save the file as UTF-8");
}

TEST(StrictYaml, Utf8FormsThatAreForbidden) {
  for (const std::string& bytes :
       {"\xC0\xAF"s, "\xE0\x80\xAF"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xC3"s, "\x80"s,
        "\xF0\x80\x80\xAF"s, "\xFF"s}) {
    EXPECT_NE(errors_of("name: " + bytes).find("is not UTF-8"), std::string::npos);
  }
}

TEST(StrictYaml, ColumnsCountCharacters) {
  EXPECT_EQ(errors_of("# \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \x01\n"),
            "c.yaml:1:7: error: control character 0x01 in a text file");
}

TEST(StrictYaml, NulByte) {
  EXPECT_EQ(errors_of("name: a\0b\n"s), "c.yaml:1:8: error: control character 0x00 in a text file");
}

TEST(StrictYaml, TabsThatIndent) {
  EXPECT_EQ(errors_of("train:\n\tepochs: 3\n"),
            "c.yaml:2:1: error: tab used for indentation; YAML needs spaces");
  EXPECT_EQ(errors_of("train:\n  \tepochs: 3\n").substr(0, 12), "c.yaml:2:3: ");
}

TEST(StrictYaml, TabsElsewhereAreFine) {
  EXPECT_EQ(errors_of("train:\t# a comment\n\t\n\t# another\n  epochs: 3\t\n"), "");
}

TEST(StrictYaml, EmptyDocuments) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n"}) {
    EXPECT_EQ(errors_of(text),
              "c.yaml:1:1: error: expected keys and values, found an empty document");
  }
}

TEST(StrictYaml, RootOfAnotherType) {
  EXPECT_EQ(errors_of("- a\n- b\n"), "c.yaml:1:1: error: expected keys and values, found a list");
  EXPECT_EQ(errors_of("hello\n"), "c.yaml:1:1: error: expected keys and values, found 'hello'");
}

TEST(StrictYaml, WindowsLineEndsAndByteOrderMark) {
  EXPECT_EQ(config_of("\xEF\xBB\xBFname: a\r\ntrain:\r\n  epochs: 3\r\n").train.epochs, 3);
}

}  // namespace
}  // namespace weir
