#include "explain/report/class_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = ClassChoice::Kind;

const std::vector<std::string> kClasses{"cat", "7", "deer", "true"};

TEST(ClassChoice, ReadsWordsNamesAndNumbers) {
  const auto parsed = [](const std::string& text) {
    const ClassChoice choice = parse_class_choice(text, kClasses);
    return std::pair{choice.kind, choice.value};
  };
  EXPECT_EQ(parsed("predicted"), std::pair(Kind::kPredicted, 0));
  EXPECT_EQ(parsed("deer"), std::pair(Kind::kOne, 2));
  EXPECT_EQ(parsed("0"), std::pair(Kind::kOne, 0));
  // A name counts before a number and before the words.
  EXPECT_EQ(parsed("7"), std::pair(Kind::kOne, 1));
  EXPECT_EQ(parsed("true"), std::pair(Kind::kOne, 3));
  EXPECT_EQ(parse_class_choice("true", {"cat", "dog"}).kind, Kind::kTrue);
}

TEST(ClassChoice, WhatDoesNotExistIsRefused) {
  const auto message = [](const std::string& text) {
    return message_of([&] { parse_class_choice(text, kClasses); });
  };
  EXPECT_THAT(message("der"), AllOf(HasSubstr("there is no class 'der'; did you mean 'deer'?"),
                                    HasSubstr("cat, 7, deer, true, predicted")));
  EXPECT_THAT(message("4"), HasSubstr("there is no class 4: they are 0 to 3"));
  EXPECT_THAT(message("-1"), HasSubstr("there is no class -1"));
  EXPECT_THAT(message("3x"), HasSubstr("there is no class '3x'"));
}

SeenPicture seen(std::vector<float> probabilities, std::optional<int> label = std::nullopt) {
  return {.name = "photo.png",
          .shown = {},
          .input = {},
          .label = label,
          .probabilities = std::move(probabilities)};
}

TEST(ClassChoice, ChoosesForAPicture) {
  const SeenPicture picture = seen({0.2f, 0.5f, 0.05f, 0.25f}, 2);
  EXPECT_THAT(chosen_classes({}, picture), ElementsAre(1));
  EXPECT_THAT(chosen_classes({.kind = Kind::kTrue}, picture), ElementsAre(2));
  EXPECT_THAT(chosen_classes({.kind = Kind::kOne, .value = 3}, picture), ElementsAre(3));
  EXPECT_THAT(chosen_classes({.kind = Kind::kTop, .value = 2}, picture), ElementsAre(1, 3));
  EXPECT_THAT(chosen_classes({.kind = Kind::kTop, .value = 9}, picture), ElementsAre(1, 3, 0, 2));
  EXPECT_THAT(message_of([] {
                chosen_classes({.kind = Kind::kTrue}, seen({1, 0}));
              }),
              HasSubstr("the true class of photo.png is not known"));
}

TEST(SeenPicture, FailuresComeFirstAndTheSurestOfThem) {
  std::vector<SeenPicture> pictures{seen({0.9f, 0.1f}, 0), seen({0.6f, 0.4f}, 1),
                                    seen({0.3f, 0.7f}, 1), seen({0.2f, 0.8f}, 0)};
  for (int i = 0; i < 4; ++i) pictures[size_t(i)].name = std::to_string(i);
  EXPECT_FALSE(pictures[0].is_failure());
  EXPECT_TRUE(pictures[1].is_failure());
  EXPECT_FALSE(seen({0.1f, 0.9f}).is_failure());  // nobody knows
  put_failures_first(pictures);
  std::string order;
  for (const SeenPicture& picture : pictures) order += picture.name;
  EXPECT_EQ(order, "3102");
}

}  // namespace
}  // namespace weir::testing
